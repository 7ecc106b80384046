package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.ReadAhead;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SchemaReading;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of a live database as of one t from its indexes, several attributes at once, in
 * bounded memory. The database may be written to meanwhile.
 */
public final class LiveState {
  static final int READER_COUNT = 4;

  private LiveState() {}

  public static SourceIdentity identity(DatomicConnection source, RetryPolicy retryPolicy) {
    return Retries.whileTransient(
        retryPolicy,
        () ->
            new SourceIdentity(
                source.databaseId(),
                Bootstrap.firstAfter(source).map(TransactionHash::sha256).orElse(null)));
  }

  /**
   * Reads the state as of t.
   *
   * @param t a transaction of the source
   * @param spillParent an existing directory, for about twice the size of the state
   * @return to be closed, which removes what it spilled
   * @throws UnreachablePointException when t is not a transaction of the source
   */
  public static State asOf(
      long t,
      DatomicConnection source,
      SourceIdentity identity,
      RetryPolicy retryPolicy,
      Path spillParent) {
    Transaction last = last(t, source, retryPolicy);
    Spill spill = Spill.in(spillParent);
    try {
      return read(last, source, identity, retryPolicy, spill);
    } catch (Throwable failed) {
      spill.close();
      throw failed;
    }
  }

  private static Transaction last(long t, DatomicConnection source, RetryPolicy retryPolicy) {
    return Retries.whileTransient(
        retryPolicy,
        () -> {
          Basis.atLeast(source, t); // the answering node may be behind
          try (Stream<Transaction> log = source.txRange(new TxRange(t, t + 1))) {
            return log.filter(found -> t > 0) // Datomic takes 0 for the present
                .findFirst()
                .orElseThrow(
                    () ->
                        new UnreachablePointException(
                            "Failed to read database %s as of t %s: it has no such transaction"
                                .formatted(source.databaseName(), t),
                            "choose the t of a transaction, or none for the newest"));
          }
        });
  }

  private static State read(
      Transaction last,
      DatomicConnection source,
      SourceIdentity identity,
      RetryPolicy retryPolicy,
      Spill spill) {
    long t = last.t();
    Schema schema = Retries.whileTransient(retryPolicy, () -> SchemaReading.schemaAfter(t, source));
    Beginning beginning = Retries.whileTransient(retryPolicy, () -> Beginning.of(source));
    DatomSorter sorter = new DatomSorter(spill);
    List<ReadAhead> readers = new ArrayList<>();
    try {
      for (List<Long> share : shares(schema)) {
        readers.add(
            new ReadAhead(new AttributeReading(source, t, share, retryPolicy).transactions()));
      }
      while (!readers.isEmpty()) {
        for (ReadAhead reader : List.copyOf(readers)) {
          if (reader.hasNext()) {
            sorter.add(reader.next().datoms().stream().filter(beginning::holds).toList());
          } else {
            reader.close();
            readers.remove(reader);
          }
        }
      }
    } finally {
      readers.forEach(ReadAhead::close);
    }
    new ForgottenValues(source, t, retryPolicy).addTo(sorter, schema);
    return SortedState.of(identity, last, schema, sorter);
  }

  /**
   * The datoms of the log's bootstrap. The index of Datomic Local has some more in it, such as
   * dates of transactions that have none in the log.
   */
  private record Beginning(long lastTx, Set<List<Object>> facts) {
    static Beginning of(DatomicConnection source) {
      Bootstrap bootstrap = new Bootstrap();
      Set<List<Object>> facts = new HashSet<>();
      try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
        log.takeWhile(bootstrap::includes)
            .forEach(next -> next.datoms().forEach(datom -> facts.add(fact(datom))));
      }
      return new Beginning(Transaction.entityId(bootstrap.lastT()), facts);
    }

    /** Whether the log holds a datom of the index. */
    boolean holds(Datom datom) {
      return datom.tx() > lastTx || facts.contains(fact(datom));
    }

    private static List<Object> fact(Datom datom) {
      return List.of(datom.e(), datom.a(), Values.canonical(datom.v()));
    }
  }

  /** All attributes, in as many shares as there are readers. */
  private static List<List<Long>> shares(Schema schema) {
    Set<Long> attributes = new TreeSet<>();
    schema.attributes().forEach(attribute -> attributes.add(attribute.id()));
    schema
        .builtIns()
        .forEach(
            (id, ident) -> { // these have no value type in Datomic Local
              if (ident.equals(BuiltIns.INSTALL_ATTRIBUTE)
                  || ident.equals(BuiltIns.ALTER_ATTRIBUTE)) {
                attributes.add(id);
              }
            });
    List<List<Long>> shares = new ArrayList<>();
    int index = 0;
    for (long attribute : attributes) {
      if (index < READER_COUNT) {
        shares.add(new ArrayList<>());
      }
      shares.get(index++ % READER_COUNT).add(attribute);
    }
    return shares;
  }

  /**
   * Reads the datoms of attributes as of one t, one attribute after another, as transactions that
   * assert some hundred each. After a transient fault, an attribute is read again from its
   * beginning, so that datoms may come twice. It is given up after several faults without a datom
   * more than before. Mutable, one thread.
   */
  private static final class AttributeReading {
    private static final int CHUNK_COUNT = 500;

    private final DatomicConnection source;
    private final long t;
    private final Iterator<Long> attributes;
    private final RetryPolicy retryPolicy;
    private @Nullable Long attribute; // that is being read
    private int attemptCount;
    private long readCount; // since it was opened
    private long readCountMax; // of all attempts
    private @Nullable Stream<Datom> opened;
    private @Nullable Iterator<Datom> datoms;

    AttributeReading(
        DatomicConnection source, long t, List<Long> attributes, RetryPolicy retryPolicy) {
      this.source = source;
      this.t = t;
      this.attributes = attributes.iterator();
      this.retryPolicy = retryPolicy;
    }

    /** To be closed. */
    Stream<Transaction> transactions() {
      return Streams.ofBatches(this::next).onClose(this::close);
    }

    /** The next datoms, as one transaction; none at the end. */
    private List<Transaction> next() {
      List<Datom> chunk = List.of();
      while (chunk.isEmpty() && (attribute != null || attributes.hasNext())) {
        chunk = chunk(attribute == null ? attributes.next() : attribute);
      }
      return chunk.isEmpty()
          ? List.of()
          : List.of(new Transaction(t, Transaction.entityId(t), chunk));
    }

    /** The next datoms of an attribute; none at its end. */
    private List<Datom> chunk(long of) {
      attribute = of;
      while (true) {
        try {
          List<Datom> chunk = new ArrayList<>();
          Iterator<Datom> reading = datoms == null ? open(of) : datoms;
          while (chunk.size() < CHUNK_COUNT && reading.hasNext()) {
            chunk.add(reading.next());
            if (++readCount > readCountMax) {
              readCountMax = readCount;
              attemptCount = 0;
            }
          }
          if (chunk.isEmpty()) {
            close();
            attribute = null;
            attemptCount = 0;
            readCountMax = 0;
          }
          return chunk;
        } catch (AnomalyException broken) {
          close();
          attemptCount++;
          if (!broken.anomaly().isTransient() || attemptCount >= retryPolicy.attemptCountMax()) {
            throw broken;
          }
          Retries.pauseAfter(retryPolicy, attemptCount);
        }
      }
    }

    private Iterator<Datom> open(long of) {
      if (Basis.atLeast(source, t) < t) {
        throw new AnomalyException(
            "read the state as of t " + t + ", which the answering node lacks",
            Anomaly.UNAVAILABLE,
            null,
            null);
      }
      readCount = 0;
      Stream<Datom> stream = source.datoms(View.asOf(t), Index.AEVT, of);
      opened = stream;
      Iterator<Datom> iterator = stream.iterator();
      datoms = iterator;
      return iterator;
    }

    private void close() {
      if (opened != null) {
        opened.close();
      }
      opened = null;
      datoms = null;
    }
  }
}
