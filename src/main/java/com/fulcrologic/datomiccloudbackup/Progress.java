package com.fulcrologic.datomiccloudbackup;

/**
 * How far a backup or a restore has come, measured along t.
 *
 * @param range the t that this call covers, from the first to the last; a backup that fills gaps
 *     covers only parts of it
 * @param transactionsDone transactions done in this call
 * @param datomsDone datoms done in this call
 * @param spanDone how many t are done, of {@code spanTotal}
 * @param spanTotal how many t there are to do; where t is not dense, there are fewer transactions
 */
public record Progress(
    TxRange range, long transactionsDone, long datomsDone, long spanDone, long spanTotal) {

  /**
   * Gets the progress, from the thread that makes it; must be thread-safe and quick. An exception
   * that it throws reaches the caller: it ends a restore between two transactions, and a backup
   * between two segments. The next call continues from there.
   */
  @FunctionalInterface
  public interface Listener {
    void progressed(Progress progress);
  }

  /** A listener that does nothing. */
  public static final Listener IGNORED = progress -> {};
}
