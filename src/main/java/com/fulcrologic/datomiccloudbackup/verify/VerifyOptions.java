package com.fulcrologic.datomiccloudbackup.verify;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;

/** How to compare two logs. Immutable; start from {@link #DEFAULTS}. */
public final class VerifyOptions {

  /** The whole log, and no values in the report. */
  public static final VerifyOptions DEFAULTS =
      new VerifyOptions(false, false, RetryPolicy.DEFAULT, Progress.IGNORED);

  private final boolean withValues;
  private final boolean prefixOnly;
  private final RetryPolicy retryPolicy;
  private final Progress.Listener listener;

  private VerifyOptions(
      boolean withValues, boolean prefixOnly, RetryPolicy retryPolicy, Progress.Listener listener) {
    this.withValues = withValues;
    this.prefixOnly = prefixOnly;
    this.retryPolicy = retryPolicy;
    this.listener = listener;
  }

  /** Whether the report quotes the values that differ; else it holds none. */
  public boolean withValues() {
    return withValues;
  }

  /**
   * Whether only the range that the target reaches is compared; else transactions that it lacks at
   * its end are missing.
   */
  public boolean prefixOnly() {
    return prefixOnly;
  }

  /** How often a read that meets a transient fault is tried. */
  public RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /** Called every few hundred transactions. */
  public Progress.Listener listener() {
    return listener;
  }

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
