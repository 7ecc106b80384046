package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the datoms of attributes as of one t, one attribute after another, as transactions that
 * assert some hundred each. After a transient fault, an attribute is read again from its beginning,
 * so that datoms may come twice. Mutable, one thread.
 */
final class AttributeReading implements Iterator<Transaction> {
  private static final int CHUNK_COUNT = 500;

  private final DatomicConnection source;
  private final long t;
  private final Iterator<Long> attributes;
  private final RetryPolicy retryPolicy;
  private @Nullable Long attribute; // that is being read
  private int attemptCount;
  private @Nullable Stream<Datom> opened;
  private @Nullable Iterator<Datom> datoms;
  private @Nullable Transaction ahead;

  AttributeReading(
      DatomicConnection source, long t, List<Long> attributes, RetryPolicy retryPolicy) {
    this.source = source;
    this.t = t;
    this.attributes = attributes.iterator();
    this.retryPolicy = retryPolicy;
  }

  /** To be closed. */
  Stream<Transaction> transactions() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(this::close);
  }

  @Override
  public boolean hasNext() {
    while (ahead == null && (attribute != null || attributes.hasNext())) {
      List<Datom> chunk = chunk(attribute == null ? attributes.next() : attribute);
      if (!chunk.isEmpty()) {
        ahead = new Transaction(t, Transaction.entityId(t), chunk);
      }
    }
    return ahead != null;
  }

  @Override
  public Transaction next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    Transaction next = ahead;
    ahead = null;
    return next;
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
        }
        if (chunk.isEmpty()) {
          close();
          attribute = null;
          attemptCount = 0;
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
