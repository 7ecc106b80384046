package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The questions of a backup to its source, beside the log itself. Thread-safe; retries nothing. */
record SourceLog(DatomicConnection connection) {
  /** How far back to look for the transaction before a t: Pro leaves t out, a few at a time. */
  private static final long SPAN_BEFORE_MAX = 1 << 20;

  private static final int SAMPLE_SIZE = 4;

  long basisT() {
    return connection.basisT();
  }

  /** The identity of a database whose log begins with this transaction. */
  SourceIdentity identity(Optional<Transaction> first) {
    return new SourceIdentity(
        connection.databaseId(), first.map(TransactionHash::sha256).orElse(null));
  }

  /** The first transaction that is not part of the bootstrap; reads the log up to it. */
  Optional<Transaction> firstTransaction() {
    return Bootstrap.firstAfter(connection);
  }

  /** The newest transaction before {@code t}; empty at the log's beginning. */
  Optional<Transaction> transactionBefore(long t) {
    for (long span = 1; ; span = Math.min(span * 16, SPAN_BEFORE_MAX)) {
      long start = Math.max(0, t - span);
      if (start >= t) {
        return Optional.empty();
      }
      try (Stream<Transaction> log = connection.txRange(new TxRange(start, t))) {
        Optional<Transaction> last = log.reduce((earlier, later) -> later);
        if (last.isPresent() || start == 0) {
          return last;
        }
      }
      if (span == SPAN_BEFORE_MAX) {
        t = start;
      }
    }
  }

  /** Whether t grows by one with each transaction: the beginning and the end of the log show it. */
  boolean isDense() {
    long basisT = connection.basisT();
    List<Long> last = tsIn(new TxRange(Math.max(0, basisT + 1 - SAMPLE_SIZE), basisT + 1));
    if (!last.contains(basisT)) {
      throw cameBackShort(new TxRange(basisT, basisT + 1));
    }
    long sampleSize = Math.min(SAMPLE_SIZE, basisT + 1);
    return last.size() == sampleSize && tsIn(new TxRange(0, SAMPLE_SIZE)).size() == sampleSize;
  }

  /** One share of a range: the same for each caller; empty when there is none left for it. */
  Optional<TxRange> share(TxRange whole, Shard shard) {
    boolean isDense = isDense();
    long start = isDense ? shard.startT(whole) : bound(whole, shard.startT(whole));
    long end = isDense ? shard.endT(whole) : bound(whole, shard.endT(whole));
    return start < end ? Optional.of(new TxRange(start, end)) : Optional.empty();
  }

  /** Segments end with a transaction, so a share that ended elsewhere would leave a gap behind. */
  private long bound(TxRange whole, long t) {
    if (t == whole.startT() || t == whole.endT()) {
      return t;
    }
    try (Stream<Transaction> log = connection.txRange(new TxRange(t - 1, whole.endT()))) {
      return log.findFirst().map(transaction -> transaction.t() + 1).orElse(whole.endT());
    }
  }

  /** The exception for a source that does not return what it must have. */
  static AnomalyException cameBackShort(TxRange range) {
    return new AnomalyException(
        "read the log at " + range + ", which came back short", Anomaly.UNAVAILABLE, null, null);
  }

  private List<Long> tsIn(TxRange range) {
    try (Stream<Transaction> log = connection.txRange(range)) {
      return log.map(Transaction::t).toList();
    }
  }
}
