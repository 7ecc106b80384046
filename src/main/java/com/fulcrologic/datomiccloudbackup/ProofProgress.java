package com.fulcrologic.datomiccloudbackup;

/**
 * The progress of a proof, reported as one: its first half is the restore, the second the
 * comparison. One thread.
 */
final class ProofProgress {
  private final TxRange whole;
  private final Progress.Listener listener;
  private long transactionsRestored;
  private long datomsRestored;

  ProofProgress(TxRange whole, Progress.Listener listener) {
    this.whole = whole;
    this.listener = listener;
  }

  void restoring(Progress restore) {
    long span = whole.span() * restore.spanDone() / Math.max(1, restore.spanTotal());
    tell(restore.transactionsDone(), restore.datomsDone(), span);
  }

  void restored(RestoreSummary summary) {
    transactionsRestored = summary.transactionCount();
    datomsRestored = summary.datomCount();
  }

  void comparing(Progress comparison) {
    tell(
        transactionsRestored + comparison.transactionsDone(),
        datomsRestored + comparison.datomsDone(),
        whole.span() + comparison.spanDone());
  }

  private void tell(long transactionsDone, long datomsDone, long spanDone) {
    listener.progressed(
        new Progress(whole, transactionsDone, datomsDone, spanDone, 2 * whole.span()));
  }
}
