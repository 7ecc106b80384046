package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
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
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log of a live database. After a transient fault, reading resumes at the same t.
 *
 * @param endT the first t that is not read
 * @param isToBasis whether {@code endT} is the basis at construction, so that more may follow
 * @param redaction the rules by which a backup stores it
 */
record ConnectionLog(
    DatomicConnection connection,
    RetryPolicy retryPolicy,
    long endT,
    boolean isToBasis,
    Redaction redaction)
    implements ReadableLog {
  static ConnectionLog toBasis(DatomicConnection connection, RetryPolicy retryPolicy) {
    long basisT = Retries.whileTransient(retryPolicy, connection::freshBasisT);
    return new ConnectionLog(
        connection, retryPolicy, basisT + 1, /* isToBasis= */ true, Redaction.NONE);
  }

  @Override
  public String description() {
    return "database " + connection.databaseName();
  }

  /** The rules do not change it. */
  @Override
  public Optional<SourceIdentity> identity() {
    Bootstrap bootstrap = new Bootstrap();
    try (LiveCursor log = new LiveCursor(Redaction.NONE)) {
      Optional<Transaction> next = log.next();
      while (next.filter(bootstrap::includes).isPresent()) {
        next = log.next();
      }
      String firstHash = next.map(TransactionHash::sha256).orElse(null);
      return Optional.of(new SourceIdentity(connection.databaseId(), firstHash));
    }
  }

  @Override
  public Optional<TxRange> range() {
    return Optional.of(new TxRange(0, endT));
  }

  @Override
  public Cursor open() {
    return new LiveCursor(redaction);
  }

  @Override
  public Map<Long, Set<Keyword>> names() {
    return Retries.whileTransient(
        retryPolicy,
        () -> {
          try (Stream<Datom> ever =
              connection.datoms(View.CURRENT.withHistory(), Index.AEVT, BuiltIns.IDENT)) {
            return ever.filter(datom -> datom.v() instanceof Keyword)
                .filter(datom -> Transaction.isAmongSchema(datom.e()))
                .collect(
                    Collectors.groupingBy(
                        Datom::e,
                        Collectors.mapping(datom -> (Keyword) datom.v(), Collectors.toSet())));
          }
        });
  }

  @Override
  public void readState(long t, Path spillDirectory, Consumer<Datom> sink) {
    Retries.whileTransient(
        retryPolicy,
        () -> {
          try (Stream<Datom> state = connection.datoms(View.asOf(t), Index.EAVT)) {
            state.forEach(sink);
          }
          return t;
        });
  }

  private final class LiveCursor implements Cursor {
    private final Redacting redacting;
    private long nextT = 0;
    private long endT = ConnectionLog.this.endT;
    private Stream<Transaction> stream = Stream.empty();
    private @Nullable Iterator<Transaction> transactions;

    LiveCursor(Redaction redaction) {
      this.redacting = new Redacting(redaction, new Schema());
    }

    @Override
    public Optional<Transaction> next() {
      return Retries.whileTransient(retryPolicy, this::read).map(redacting::next);
    }

    private Optional<Transaction> read() {
      if (nextT >= endT) {
        return Optional.empty();
      }
      try {
        Iterator<Transaction> iterator = transactions == null ? reopened() : transactions;
        if (!iterator.hasNext()) {
          requireEnd();
          return Optional.empty();
        }
        Transaction transaction = iterator.next();
        nextT = transaction.t() + 1;
        return Optional.of(transaction);
      } catch (AnomalyException broken) {
        close();
        throw broken;
      }
    }

    /** The last t is a transaction: a log that ends before it is short if the basis reaches it. */
    private void requireEnd() {
      if (Basis.atLeast(connection, endT - 1) >= endT - 1) {
        throw new AnomalyException(
            "read the log at " + new TxRange(nextT, endT) + ", which came back short",
            Anomaly.UNAVAILABLE,
            null,
            null);
      }
    }

    @Override
    public boolean awaitMore() {
      long wantedT = isToBasis ? endT : endT - 1;
      long basisT = Retries.whileTransient(retryPolicy, () -> Basis.atLeast(connection, wantedT));
      close();
      endT = isToBasis ? Math.max(endT, basisT + 1) : endT;
      return nextT < endT && nextT <= basisT;
    }

    private Iterator<Transaction> reopened() {
      stream = connection.txRange(new TxRange(nextT, endT));
      Iterator<Transaction> iterator = stream.iterator();
      transactions = iterator;
      return iterator;
    }

    @Override
    public void close() {
      stream.close();
      transactions = null;
    }
  }
}
