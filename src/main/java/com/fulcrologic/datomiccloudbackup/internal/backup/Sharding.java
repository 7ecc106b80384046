package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Cuts a range of a source's log into shares, in the same way for each caller, and for each state
 * of the source: the log is immutable. Thread-safe; retries nothing.
 */
final class Sharding {
  private final SourceLog source;
  private final boolean isDense;

  Sharding(SourceLog source) {
    this.source = source;
    this.isDense = source.isDense();
  }

  /** The share; empty when there is none left for it. */
  Optional<TxRange> of(TxRange whole, Shard shard) {
    long start = bound(whole, shard.startT(whole));
    long end = bound(whole, shard.endT(whole));
    return start < end ? Optional.of(new TxRange(start, end)) : Optional.empty();
  }

  /** Segments end with a transaction, so a share that ended elsewhere would leave a gap behind. */
  private long bound(TxRange whole, long t) {
    if (isDense || t == whole.startT() || t == whole.endT()) {
      return t;
    }
    try (Stream<Transaction> log = source.connection().txRange(new TxRange(t - 1, whole.endT()))) {
      return log.findFirst().map(transaction -> transaction.t() + 1).orElse(whole.endT());
    }
  }
}
