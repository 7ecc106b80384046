package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.List;

/** Adds up what is done of some ranges, and reports it to a listener. Thread-safe. */
public final class ProgressMeter {
  private final Progress.Listener listener;
  private final TxRange whole;
  private final long spanTotal;
  private long transactionsDone;
  private long datomsDone;
  private long spanDone;

  /** Takes ranges in ascending order. */
  public ProgressMeter(List<TxRange> ranges, Progress.Listener listener) {
    this.listener = listener;
    long endT = ranges.stream().mapToLong(TxRange::endT).max().orElse(1);
    this.whole = new TxRange(ranges.isEmpty() ? 0 : ranges.get(0).startT(), endT);
    this.spanTotal = ranges.stream().mapToLong(TxRange::span).sum();
  }

  public synchronized void advance(TxRange range, long transactionCount, long datomCount) {
    transactionsDone += transactionCount;
    datomsDone += datomCount;
    spanDone = Math.min(spanTotal, spanDone + range.span());
    listener.progressed(new Progress(whole, transactionsDone, datomsDone, spanDone, spanTotal));
  }

  public synchronized long transactionsDone() {
    return transactionsDone;
  }
}
