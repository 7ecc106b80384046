package com.fulcrologic.datomiccloudbackup.verify;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import java.nio.file.Path;
import java.util.Optional;

/** How to compare two logs. Immutable; start from {@link #DEFAULTS}. */
public final class VerifyOptions {

  /** The whole log, and no values in the report. */
  public static final VerifyOptions DEFAULTS =
      new VerifyOptions(
          false,
          false,
          RetryPolicy.DEFAULT,
          Progress.IGNORED,
          Optional.empty(),
          Path.of(System.getProperty("java.io.tmpdir")));

  private final boolean withValues;
  private final boolean prefixOnly;
  private final RetryPolicy retryPolicy;
  private final Progress.Listener listener;
  private final Optional<RestorePoint> baseline;
  private final Path spillDirectory;

  private VerifyOptions(
      boolean withValues,
      boolean prefixOnly,
      RetryPolicy retryPolicy,
      Progress.Listener listener,
      Optional<RestorePoint> baseline,
      Path spillDirectory) {
    this.withValues = withValues;
    this.prefixOnly = prefixOnly;
    this.retryPolicy = retryPolicy;
    this.listener = listener;
    this.baseline = baseline;
    this.spillDirectory = spillDirectory;
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

  /** The point whose state a temporary database begins with; empty for the first transaction. */
  public Optional<RestorePoint> baseline() {
    return baseline;
  }

  /** The directory for what does not fit in memory while states are compared. */
  public Path spillDirectory() {
    return spillDirectory;
  }

  /** Quotes the values that differ. */
  public VerifyOptions quotingValues() {
    return new VerifyOptions(true, prefixOnly, retryPolicy, listener, baseline, spillDirectory);
  }

  /** Compares only as far as the target reaches. A gap behind that is no error then. */
  public VerifyOptions asFarAsRestored() {
    return new VerifyOptions(withValues, true, retryPolicy, listener, baseline, spillDirectory);
  }

  public VerifyOptions withRetryPolicy(RetryPolicy policy) {
    return new VerifyOptions(withValues, prefixOnly, policy, listener, baseline, spillDirectory);
  }

  public VerifyOptions withListener(Progress.Listener newListener) {
    return new VerifyOptions(
        withValues, prefixOnly, retryPolicy, newListener, baseline, spillDirectory);
  }

  /**
   * Lets a proof of a backup begin its temporary database with the state as of a point. Every other
   * comparison reads from the target what it begins with, and refuses this option.
   */
  public VerifyOptions fromBaseline(RestorePoint point) {
    return new VerifyOptions(
        withValues, prefixOnly, retryPolicy, listener, Optional.of(point), spillDirectory);
  }

  /** The same without a baseline. */
  public VerifyOptions withoutBaseline() {
    return new VerifyOptions(
        withValues, prefixOnly, retryPolicy, listener, Optional.empty(), spillDirectory);
  }

  /**
   * Uses another directory than the system's for temporary files: for a target that begins with a
   * baseline, they take about 20 times the stored size of the backup.
   *
   * @param directory must exist
   */
  public VerifyOptions withSpillDirectory(Path directory) {
    return new VerifyOptions(withValues, prefixOnly, retryPolicy, listener, baseline, directory);
  }
}
