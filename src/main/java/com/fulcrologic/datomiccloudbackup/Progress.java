package com.fulcrologic.datomiccloudbackup;

/**
 * How far a backup or a restore has come, measured along t.
 *
 * @param range what this call is going to cover
 * @param transactionsDone transactions done in this call
 * @param datomsDone datoms done in this call
 * @param spanDone how much of {@code range.span()} is done, from 0 to {@code range.span()}
 */
public record Progress(TxRange range, long transactionsDone, long datomsDone, long spanDone) {

  /** Is told about progress, from the thread that makes it; must be thread-safe and quick. */
  @FunctionalInterface
  public interface Listener {
    void progressed(Progress progress);
  }

  /** A listener that does nothing. */
  public static final Listener IGNORED = progress -> {};
}
