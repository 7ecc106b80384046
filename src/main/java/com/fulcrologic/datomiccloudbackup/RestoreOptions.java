package com.fulcrologic.datomiccloudbackup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
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
 * that has it, or had it, at any t of the stored log. To exclude or include, {@code ":person/*"}
 * means all attributes of that namespace. The filters are recorded in the target when it is
 * claimed; a later call with other filters is refused.
 */
public final class RestoreOptions {

  /** Restores everything, unchanged. */
  public static final RestoreOptions DEFAULTS =
      new RestoreOptions(
          new Filters(Set.of(), Set.of(), Map.of(), Map.of(), Optional.empty()),
          RestorePoint.NEWEST,
          RetryPolicy.DEFAULT,
          Progress.IGNORED,
          TransactionsInFlight.ADAPTIVE,
          Optional.empty(),
          Path.of(System.getProperty("java.io.tmpdir")));

  private final Filters filters;
  private final RestorePoint until;
  private final RetryPolicy retryPolicy;
  private final Progress.Listener listener;
  private final TransactionsInFlight inFlight;
  private final Optional<RestorePoint> baseline;
  private final Path spillDirectory;

  /**
   * The filters together.
   *
   * @param salt in hex, so that equal salts are equal
   */
  private record Filters(
      Set<String> excluded,
      Set<String> included,
      Map<String, UnaryOperator<Object>> rewrites,
      Map<String, Mask> masks,
      Optional<String> salt) {
    Filters {
      excluded = Set.copyOf(excluded);
      included = Set.copyOf(included);
      rewrites = Map.copyOf(rewrites);
      masks = Map.copyOf(masks);
    }
  }

  private RestoreOptions(
      Filters filters,
      RestorePoint until,
      RetryPolicy retryPolicy,
      Progress.Listener listener,
      TransactionsInFlight inFlight,
      Optional<RestorePoint> baseline,
      Path spillDirectory) {
    this.filters = filters;
    this.until = until;
    this.retryPolicy = retryPolicy;
    this.listener = listener;
    this.inFlight = inFlight;
    this.baseline = baseline;
    this.spillDirectory = spillDirectory;
  }

  /** Idents and namespaces of attributes whose datoms are left out. */
  public Set<String> excludedAttributes() {
    return filters.excluded();
  }

  /**
   * Idents and namespaces of the attributes whose datoms are carried; empty for all that are not
   * excluded.
   */
  public Set<String> includedAttributes() {
    return filters.included();
  }

  /**
   * A pure function for the values of an attribute, by ident: equal values must give equal results,
   * in every process, or retractions miss what they retract.
   */
  public Map<String, UnaryOperator<Object>> rewrites() {
    return filters.rewrites();
  }

  /** The mask of an attribute's values, by ident. */
  public Map<String, Mask> masks() {
    return filters.masks();
  }

  /** A copy of the secret for the masks that need one; empty when none is given. */
  public Optional<byte[]> maskSalt() {
    return filters.salt().map(HexFormat.of()::parseHex);
  }

  /** Whether these are the same filters, under the same salt. */
  public boolean filtersAs(RestoreOptions other) {
    return filters.equals(other.filters);
  }

  /** Whether anything is excluded, rewritten or masked. */
  public boolean isFiltering() {
    return !DEFAULTS.filters.equals(
        new Filters(
            filters.excluded(),
            filters.included(),
            filters.rewrites(),
            filters.masks(),
            Optional.empty()));
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

  /**
   * Leaves out, too, every datom of the attribute with this {@code ident}, or of each attribute of
   * the namespace in {@code ":namespace/*"}.
   */
  public RestoreOptions excluding(String ident) {
    return with(
        new Filters(
            plus(filters.excluded(), ident),
            filters.included(),
            filters.rewrites(),
            filters.masks(),
            filters.salt()));
  }

  /**
   * Carries the datoms of the attribute with this {@code ident}, or of each attribute of the
   * namespace in {@code ":namespace/*"}. Those of all attributes of the user's that no such call
   * names are left out. Datomic's own attributes, and the definitions of all attributes, are always
   * carried; computed tuples follow from their components.
   */
  public RestoreOptions including(String ident) {
    return with(
        new Filters(
            filters.excluded(),
            plus(filters.included(), ident),
            filters.rewrites(),
            filters.masks(),
            filters.salt()));
  }

  /** Passes, too, every value of the attribute with this {@code ident} through {@code rewrite}. */
  public RestoreOptions rewriting(String ident, UnaryOperator<Object> rewrite) {
    return with(
        new Filters(
            filters.excluded(),
            filters.included(),
            plus(filters.rewrites(), ident, rewrite),
            filters.masks(),
            filters.salt()));
  }

  /**
   * Masks, too, every value of the attribute with this {@code ident}. It must exist, and hold plain
   * values of a type that the mask can replace.
   */
  public RestoreOptions withMask(String ident, Mask mask) {
    return with(
        new Filters(
            filters.excluded(),
            filters.included(),
            filters.rewrites(),
            plus(filters.masks(), ident, mask),
            filters.salt()));
  }

  /**
   * Uses this secret for the masks that need one. Targets that are masked under the same salt have
   * equal values for equal ones. The salt is never written anywhere.
   *
   * @param salt {@value Mask#SALT_SIZE_MIN} random bytes at least; copied
   * @throws IllegalArgumentException when it is shorter
   */
  public RestoreOptions withMaskSalt(byte[] salt) {
    if (salt.length < Mask.SALT_SIZE_MIN) {
      throw new IllegalArgumentException("a salt has " + Mask.SALT_SIZE_MIN + " bytes at least");
    }
    return with(
        new Filters(
            filters.excluded(),
            filters.included(),
            filters.rewrites(),
            filters.masks(),
            Optional.of(HexFormat.of().formatHex(salt))));
  }

  private static Set<String> plus(Set<String> idents, String ident) {
    Set<String> more = new TreeSet<>(idents);
    more.add(ident);
    return more;
  }

  private static <T> Map<String, T> plus(Map<String, T> idents, String ident, T filter) {
    Map<String, T> more = new TreeMap<>(idents);
    more.put(ident, filter);
    return more;
  }

  private RestoreOptions with(Filters newFilters) {
    return new RestoreOptions(
        newFilters, until, retryPolicy, listener, inFlight, baseline, spillDirectory);
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
        filters, point, retryPolicy, listener, inFlight, baseline, spillDirectory);
  }

  public RestoreOptions withRetryPolicy(RetryPolicy policy) {
    return new RestoreOptions(filters, until, policy, listener, inFlight, baseline, spillDirectory);
  }

  public RestoreOptions withListener(Progress.Listener newListener) {
    return new RestoreOptions(
        filters, until, retryPolicy, newListener, inFlight, baseline, spillDirectory);
  }

  public RestoreOptions withInFlight(TransactionsInFlight newInFlight) {
    return new RestoreOptions(
        filters, until, retryPolicy, listener, newInFlight, baseline, spillDirectory);
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
        filters, until, retryPolicy, listener, inFlight, Optional.of(point), spillDirectory);
  }

  /**
   * Uses another directory than the system's for temporary files: while a baseline is computed, it
   * takes about 20 times the stored size of the backup.
   *
   * @param directory must exist
   */
  public RestoreOptions withSpillDirectory(Path directory) {
    return new RestoreOptions(filters, until, retryPolicy, listener, inFlight, baseline, directory);
  }
}
