package com.fulcrologic.datomiccloudbackup;

/**
 * How to compare two logs. Immutable; start from {@link #DEFAULTS}.
 *
 * @param withValues whether the report quotes the values that differ; else it holds none
 * @param prefixOnly whether a target that is behind is fine as far as it reaches; else what it
 *     lacks at its end is missing
 * @param retryPolicy how often a read that meets a transient fault is tried
 * @param listener is told every few hundred transactions
 */
public record VerifyOptions(
    boolean withValues, boolean prefixOnly, RetryPolicy retryPolicy, Progress.Listener listener) {

  /** The whole log, and no values in the report. */
  public static final VerifyOptions DEFAULTS =
      new VerifyOptions(false, false, RetryPolicy.DEFAULT, Progress.IGNORED);

  /** Quotes the values that differ. */
  public VerifyOptions quotingValues() {
    return new VerifyOptions(true, prefixOnly, retryPolicy, listener);
  }

  /** Compares only as far as the target reaches. */
  public VerifyOptions asFarAsRestored() {
    return new VerifyOptions(withValues, true, retryPolicy, listener);
  }

  public VerifyOptions withRetryPolicy(RetryPolicy policy) {
    return new VerifyOptions(withValues, prefixOnly, policy, listener);
  }

  public VerifyOptions withListener(Progress.Listener newListener) {
    return new VerifyOptions(withValues, prefixOnly, retryPolicy, newListener);
  }
}
