package com.fulcrologic.datomiccloudbackup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
  public static final RestoreOptions DEFAULTS = new RestoreOptions(new Values());

  private final Values values;

  /** Changed while options are made, and never after. */
  private static final class Values {
    private Set<String> excluded = Set.of();
    private Set<String> included = Set.of();
    private Map<String, UnaryOperator<Object>> rewrites = Map.of();
    private Map<String, Mask> masks = Map.of();
    private Optional<String> salt = Optional.empty(); // in hex, so that equal salts are equal
    private RestorePoint until = RestorePoint.NEWEST;
    private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    private Progress.Listener listener = Progress.IGNORED;
    private TransactionsInFlight inFlight = TransactionsInFlight.ADAPTIVE;
    private Optional<RestorePoint> baseline = Optional.empty();
    private Path spillDirectory = Path.of(System.getProperty("java.io.tmpdir"));

    private Values() {}

    private Values(Values other) {
      excluded = other.excluded;
      included = other.included;
      rewrites = other.rewrites;
      masks = other.masks;
      salt = other.salt;
      until = other.until;
      retryPolicy = other.retryPolicy;
      listener = other.listener;
      inFlight = other.inFlight;
      baseline = other.baseline;
      spillDirectory = other.spillDirectory;
    }

    /** The filters without the salt. */
    private List<Object> filters() {
      return List.of(excluded, included, rewrites, masks);
    }
  }

  private RestoreOptions(Values values) {
    this.values = values;
  }

  private RestoreOptions with(Consumer<Values> change) {
    Values copy = new Values(values);
    change.accept(copy);
    return new RestoreOptions(copy);
  }

  /** Idents and namespaces of attributes whose datoms are left out. */
  public Set<String> excludedAttributes() {
    return values.excluded;
  }

  /**
   * Idents and namespaces of the attributes whose datoms are carried; empty for all that are not
   * excluded.
   */
  public Set<String> includedAttributes() {
    return values.included;
  }

  /**
   * A pure function for the values of an attribute, by ident: equal values must give equal results,
   * in every process, or retractions miss what they retract.
   */
  public Map<String, UnaryOperator<Object>> rewrites() {
    return values.rewrites;
  }

  /** The mask of an attribute's values, by ident. */
  public Map<String, Mask> masks() {
    return values.masks;
  }

  /** A copy of the secret for the masks that need one; empty when none is given. */
  public Optional<byte[]> maskSalt() {
    return values.salt.map(HexFormat.of()::parseHex);
  }

  /** Whether these are the same filters, under the same salt. */
  public boolean filtersAs(RestoreOptions other) {
    return values.filters().equals(other.values.filters()) && values.salt.equals(other.values.salt);
  }

  /** Whether anything is excluded, rewritten or masked. */
  public boolean isFiltering() {
    return !values.filters().equals(DEFAULTS.values.filters());
  }

  /** The point to restore to. */
  public RestorePoint until() {
    return values.until;
  }

  /** How often a transaction that meets a transient fault is tried. */
  public RetryPolicy retryPolicy() {
    return values.retryPolicy;
  }

  /** Called every few hundred transactions. */
  public Progress.Listener listener() {
    return values.listener;
  }

  /** The number of transactions that may be in flight at once. */
  public TransactionsInFlight inFlight() {
    return values.inFlight;
  }

  /**
   * Leaves out, too, every datom of the attribute with this {@code ident}, or of each attribute of
   * the namespace in {@code ":namespace/*"}.
   */
  public RestoreOptions excluding(String ident) {
    return with(copy -> copy.excluded = plus(copy.excluded, ident));
  }

  /**
   * Carries the datoms of the attribute with this {@code ident}, or of each attribute of the
   * namespace in {@code ":namespace/*"}. Those of all attributes of the user's that no such call
   * names are left out. Datomic's own attributes, and the definitions of all attributes, are always
   * carried; computed tuples follow from their components.
   */
  public RestoreOptions including(String ident) {
    return with(copy -> copy.included = plus(copy.included, ident));
  }

  /** Passes, too, every value of the attribute with this {@code ident} through {@code rewrite}. */
  public RestoreOptions rewriting(String ident, UnaryOperator<Object> rewrite) {
    return with(copy -> copy.rewrites = plus(copy.rewrites, ident, rewrite));
  }

  /**
   * Masks, too, every value of the attribute with this {@code ident}. It must exist, and hold plain
   * values of a type that the mask can replace.
   */
  public RestoreOptions withMask(String ident, Mask mask) {
    return with(copy -> copy.masks = plus(copy.masks, ident, mask));
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
    return with(copy -> copy.salt = Optional.of(HexFormat.of().formatHex(salt)));
  }

  private static Set<String> plus(Set<String> idents, String ident) {
    Set<String> more = new HashSet<>(idents);
    more.add(ident);
    return Set.copyOf(more);
  }

  private static <T> Map<String, T> plus(Map<String, T> filters, String ident, T filter) {
    Map<String, T> more = new HashMap<>(filters);
    more.put(ident, filter);
    return Map.copyOf(more);
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
    return with(copy -> copy.until = point);
  }

  public RestoreOptions withRetryPolicy(RetryPolicy policy) {
    return with(copy -> copy.retryPolicy = policy);
  }

  public RestoreOptions withListener(Progress.Listener newListener) {
    return with(copy -> copy.listener = newListener);
  }

  public RestoreOptions withInFlight(TransactionsInFlight newInFlight) {
    return with(copy -> copy.inFlight = newInFlight);
  }

  /**
   * The point whose state the target begins with; empty for a restore from the first transaction.
   */
  public Optional<RestorePoint> baseline() {
    return values.baseline;
  }

  /** The directory for what does not fit in memory while a baseline is computed or loaded. */
  public Path spillDirectory() {
    return values.spillDirectory;
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
    return with(copy -> copy.baseline = Optional.of(point));
  }

  /**
   * Uses another directory than the system's for temporary files: while a baseline is computed, it
   * takes about 20 times the stored size of the backup.
   *
   * @param directory must exist
   */
  public RestoreOptions withSpillDirectory(Path directory) {
    return with(copy -> copy.spillDirectory = directory);
  }
}
