package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.LeftOutTally;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the transactions of one segment that are in the target. One thread. */
final class Tally {
  private static final Logger LOG = LoggerFactory.getLogger(Tally.class);

  private final Progress.Listener listener;
  private final Set<String> unmatchedFilters;
  private final List<Long> unequal = new ArrayList<>();
  private final LeftOutTally leftOut;
  private TxRange range = new TxRange(0, 1);
  private int transactionCount;
  private long datomCount;
  private long endT;

  Tally(Progress.Listener listener, Set<String> unmatchedFilters, LeftOutTally leftOut) {
    this.leftOut = leftOut;
    this.listener = listener;
    this.unmatchedFilters = unmatchedFilters;
  }

  void begin(TxRange toRestore) {
    range = toRestore;
    endT = toRestore.startT();
  }

  /** The transaction was sent; this is the schema after it. */
  void sent(Transaction transaction, Schema schema) {
    leftOut.add(transaction, schema);
  }

  /**
   * The transaction is in the target.
   *
   * @param isEqual whether Datomic logged as many datoms for it as the source holds, where that
   *     number is known in advance
   */
  void restored(Transaction transaction, boolean isEqual) {
    transactionCount++;
    datomCount += transaction.datoms().size();
    endT = transaction.t() + 1;
    if (!isEqual) {
      LOG.warn("restored with other datoms than the source has: t={}", transaction.t());
      if (unequal.size() < RestoredSegment.UNEQUAL_COUNT_MAX) {
        unequal.add(transaction.t());
      }
    }
  }

  void report() {
    listener.progressed(
        new Progress(range, transactionCount, datomCount, endT - range.startT(), range.span()));
  }

  RestoredSegment outcome() {
    return new RestoredSegment(
        OptionalLong.empty(),
        range,
        transactionCount,
        datomCount,
        unmatchedFilters,
        unequal,
        leftOut.result());
  }
}
