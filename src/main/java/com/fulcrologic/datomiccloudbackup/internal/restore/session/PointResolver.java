package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the exact transaction that a restore is to end with, before anything is transacted. Never
 * "the nearest": a point that the stored log does not hold exactly is an error. Immutable,
 * thread-safe.
 */
record PointResolver(StoredBackup backup) {
  /** The last t to restore; {@code Long.MAX_VALUE} for everything. */
  long lastT(RestorePoint point) {
    if (point instanceof RestorePoint.AtT atT) {
      return at(atT.t()).t();
    }
    return point instanceof RestorePoint.AtInstant atInstant
        ? lastAt(atInstant.instant())
        : Long.MAX_VALUE;
  }

  /** The transaction with this t. */
  SourcePoint at(long t) {
    TxRange range =
        backup
            .covering(t)
            .map(StoredSegment::range)
            .orElseThrow(() -> unreachable("t " + t + " is not stored"));
    SegmentInfo info = backup.info(range);
    if (info.lastT() == t && info.lastInstant().isPresent()) {
      return new SourcePoint(t, info.lastInstant().get());
    }
    Segment segment = backup.segment(range);
    Schema schema = segment.schemaAtStart();
    try (Stream<Transaction> transactions = segment.transactions()) {
      return transactions
          .peek(schema::apply)
          .filter(transaction -> transaction.t() == t)
          .findFirst()
          .map(transaction -> new SourcePoint(t, dateOf(transaction, schema)))
          .orElseThrow(() -> unreachable("the log has no transaction with t " + t));
    }
  }

  private long lastAt(Instant instant) {
    List<StoredSegment> segments = backup.segments();
    Optional<TxRange> last = lastBeginningAtOrBefore(instant, segments);
    if (last.isEmpty()) {
      throw unreachable("the stored log begins after " + instant);
    }
    Found found = new Found(-1, Instant.MIN, false);
    long nextStart = last.get().startT();
    // Equal instants may reach into the segments that follow.
    while (!found.isFollowed()) {
      Optional<TxRange> range = backup.covering(nextStart).map(StoredSegment::range);
      if (range.isEmpty()) {
        requireEnd(nextStart);
        break;
      }
      found = lastAtOrBefore(instant, backup.segment(range.get()), found);
      nextStart = range.get().endT();
    }
    if (!found.isFollowed() && !found.instant().equals(instant)) {
      throw unreachable("nothing dated at or after " + instant + " is stored");
    }
    if (found.t() < 0) {
      throw unreachable("the stored log begins after " + instant);
    }
    return found.t();
  }

  /** Refuses a point before a gap, which may hold more transactions of that date. */
  private void requireEnd(long endT) {
    long end = backup.newest().map(segment -> segment.range().endT()).orElse(0L);
    if (end > endT) {
      throw unreachable("the point lies before a gap, which begins at t " + endT);
    }
  }

  /** By bisection over the segments' headers: their instants ascend as their t do. */
  private Optional<TxRange> lastBeginningAtOrBefore(Instant instant, List<StoredSegment> segments) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      SegmentInfo info = backup.info(segments.get(middle).range());
      boolean beginsAfter = info.firstInstant().filter(first -> first.isAfter(instant)).isPresent();
      if (beginsAfter) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == 0 ? Optional.empty() : Optional.of(segments.get(low - 1).range());
  }

  /**
   * The answer of the segments so far.
   *
   * @param t the last transaction dated at or before the instant; -1 when there is none
   * @param isFollowed whether a later transaction is there
   */
  private record Found(long t, Instant instant, boolean isFollowed) {}

  private static Found lastAtOrBefore(Instant instant, Segment segment, Found before) {
    Schema schema = segment.schemaAtStart();
    Found found = before;
    try (Stream<Transaction> transactions = segment.transactions()) {
      Iterator<Transaction> iterator = transactions.iterator();
      while (iterator.hasNext()) {
        Transaction transaction = iterator.next();
        schema.apply(transaction);
        Instant date = dateOf(transaction, schema);
        if (date.isAfter(instant)) {
          return new Found(found.t(), found.instant(), true);
        }
        found = new Found(transaction.t(), date, false);
      }
    }
    return found;
  }

  private static Instant dateOf(Transaction transaction, Schema schema) {
    return TransactionDates.in(transaction, schema).orElse(Instant.EPOCH);
  }

  private UnreachablePointException unreachable(String why) {
    return new UnreachablePointException(
        "Failed to restore " + backup.location() + " to a point: " + why,
        "list what is stored with segments, and choose a point that it holds");
  }
}
