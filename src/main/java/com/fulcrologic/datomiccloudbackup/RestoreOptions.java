package com.fulcrologic.datomiccloudbackup;

import java.time.Instant;
import java.util.Map;
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
          TransactionsInFlight.ADAPTIVE);

  private final Set<String> excludedAttributes;
  private final Map<String, UnaryOperator<Object>> rewrites;
  private final RestorePoint until;
  private final RetryPolicy retryPolicy;
  private final Progress.Listener listener;
  private final TransactionsInFlight inFlight;

  private RestoreOptions(
      Set<String> excludedAttributes,
      Map<String, UnaryOperator<Object>> rewrites,
      RestorePoint until,
      RetryPolicy retryPolicy,
      Progress.Listener listener,
      TransactionsInFlight inFlight) {
    excludedAttributes = Set.copyOf(excludedAttributes);
    rewrites = Map.copyOf(rewrites);
    this.excludedAttributes = excludedAttributes;
    this.rewrites = rewrites;
    this.until = until;
    this.retryPolicy = retryPolicy;
    this.listener = listener;
    this.inFlight = inFlight;
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
    return new RestoreOptions(more, rewrites, until, retryPolicy, listener, inFlight);
  }

  /** Passes, too, every value of the attribute with this {@code ident} through {@code rewrite}. */
  public RestoreOptions rewriting(String ident, UnaryOperator<Object> rewrite) {
    Map<String, UnaryOperator<Object>> more = new TreeMap<>(rewrites);
    more.put(ident, rewrite);
    return new RestoreOptions(excludedAttributes, more, until, retryPolicy, listener, inFlight);
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
    return new RestoreOptions(excludedAttributes, rewrites, point, retryPolicy, listener, inFlight);
  }

  public RestoreOptions withRetryPolicy(RetryPolicy policy) {
    return new RestoreOptions(excludedAttributes, rewrites, until, policy, listener, inFlight);
  }

  public RestoreOptions withListener(Progress.Listener newListener) {
    return new RestoreOptions(
        excludedAttributes, rewrites, until, retryPolicy, newListener, inFlight);
  }

  public RestoreOptions withInFlight(TransactionsInFlight newInFlight) {
    return new RestoreOptions(
        excludedAttributes, rewrites, until, retryPolicy, listener, newInFlight);
  }
}
