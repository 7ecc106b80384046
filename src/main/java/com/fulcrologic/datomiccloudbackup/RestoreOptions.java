package com.fulcrologic.datomiccloudbackup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The options of a restore. Immutable; start from {@link #DEFAULTS}.
 *
 * <p>Attributes are named by ident, as in {@code ":person/email"}; an ident means every attribute
 * that has it, or had it, at any t of the stored log. The filters are recorded in the target when
 * it is claimed; a later call with other filters is refused.
 */
public final class RestoreOptions {

  /** Restores everything, unchanged. */
  public static final RestoreOptions DEFAULTS =
      new RestoreOptions(
          Set.of(),
          Map.of(),
          RestorePoint.NEWEST,
          RetryPolicy.DEFAULT,
          Progress.IGNORED,
          TransactionsInFlight.ADAPTIVE,
          Optional.empty(),
          Path.of(System.getProperty("java.io.tmpdir")));

  private final Set<String> excludedAttributes;
  private final Map<String, UnaryOperator<Object>> rewrites;
  private final RestorePoint until;
  private final RetryPolicy retryPolicy;
  private final Progress.Listener listener;
  private final TransactionsInFlight inFlight;
  private final Optional<RestorePoint> baseline;
  private final Path spillDirectory;

  private RestoreOptions(
      Set<String> excludedAttributes,
      Map<String, UnaryOperator<Object>> rewrites,
      RestorePoint until,
      RetryPolicy retryPolicy,
      Progress.Listener listener,
      TransactionsInFlight inFlight,
      Optional<RestorePoint> baseline,
      Path spillDirectory) {
    excludedAttributes = Set.copyOf(excludedAttributes);
    rewrites = Map.copyOf(rewrites);
    this.excludedAttributes = excludedAttributes;
    this.rewrites = rewrites;
    this.until = until;
    this.retryPolicy = retryPolicy;
    this.listener = listener;
    this.inFlight = inFlight;
    this.baseline = baseline;
    this.spillDirectory = spillDirectory;
  }

  /** Idents of attributes whose datoms are left out. */
  public Set<String> excludedAttributes() {
    return excludedAttributes;
  }

  /**
   * A pure function for the values of an attribute, by ident: equal values must give equal results,
   * in every process, or retractions miss what they retract.
   */
  public Map<String, UnaryOperator<Object>> rewrites() {
    return rewrites;
  }

  /** The point to restore to. */
  public RestorePoint until() {
    return until;
  }

  /** How often a transaction that meets a transient fault is tried. */
  public RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /** Called every few hundred transactions. */
  public Progress.Listener listener() {
    return listener;
  }

  /** The number of transactions that may be in flight at once. */
  public TransactionsInFlight inFlight() {
    return inFlight;
  }

  /** Leaves out, too, every datom of the attribute with this {@code ident}. */
  public RestoreOptions excluding(String ident) {
    Set<String> more = new TreeSet<>(excludedAttributes);
    more.add(ident);
    return new RestoreOptions(
        more, rewrites, until, retryPolicy, listener, inFlight, baseline, spillDirectory);
  }

  /** Passes, too, every value of the attribute with this {@code ident} through {@code rewrite}. */
  public RestoreOptions rewriting(String ident, UnaryOperator<Object> rewrite) {
    Map<String, UnaryOperator<Object>> more = new TreeMap<>(rewrites);
    more.put(ident, rewrite);
    return new RestoreOptions(
        excludedAttributes, more, until, retryPolicy, listener, inFlight, baseline, spillDirectory);
  }

  /** Ends with the transaction {@code t}, included. */
  public RestoreOptions until(long t) {
    return until(new RestorePoint.AtT(t));
  }

  /** Ends with the last transaction dated at or before {@code instant}. */
  public RestoreOptions until(Instant instant) {
    return until(new RestorePoint.AtInstant(instant));
  }

  public RestoreOptions until(RestorePoint point) {
    return new RestoreOptions(
        excludedAttributes,
        rewrites,
        point,
        retryPolicy,
        listener,
        inFlight,
        baseline,
        spillDirectory);
  }

  public RestoreOptions withRetryPolicy(RetryPolicy policy) {
    return new RestoreOptions(
        excludedAttributes, rewrites, until, policy, listener, inFlight, baseline, spillDirectory);
  }

  public RestoreOptions withListener(Progress.Listener newListener) {
    return new RestoreOptions(
        excludedAttributes,
        rewrites,
        until,
        retryPolicy,
        newListener,
        inFlight,
        baseline,
        spillDirectory);
  }

  public RestoreOptions withInFlight(TransactionsInFlight newInFlight) {
    return new RestoreOptions(
        excludedAttributes,
        rewrites,
        until,
        retryPolicy,
        listener,
        newInFlight,
        baseline,
        spillDirectory);
  }

  /**
   * The point whose state the target begins with; empty for a restore from the first transaction.
   */
  public Optional<RestorePoint> baseline() {
    return baseline;
  }

  /** The directory for what does not fit in memory while a baseline is computed or loaded. */
  public Path spillDirectory() {
    return spillDirectory;
  }

  /**
   * Begins with the state as of a point, instead of the first transaction: an empty target gets
   * what the database held then, dated as that point's transaction, and the log after it. The
   * target has no history of the time before. The point is recorded in the target; a later call
   * with another point, or without one, is refused.
   *
   * @param point {@link RestorePoint#NEWEST} for the newest that the backup offers; in a target
   *     that was begun, that one's own
   */
  public RestoreOptions fromBaseline(RestorePoint point) {
    return new RestoreOptions(
        excludedAttributes,
        rewrites,
        until,
        retryPolicy,
        listener,
        inFlight,
        Optional.of(point),
        spillDirectory);
  }

  /**
   * Uses another directory than the system's for temporary files: while a baseline is computed, it
   * takes about 20 times the stored size of the backup.
   *
   * @param directory must exist
   */
  public RestoreOptions withSpillDirectory(Path directory) {
    return new RestoreOptions(
        excludedAttributes, rewrites, until, retryPolicy, listener, inFlight, baseline, directory);
  }
}
