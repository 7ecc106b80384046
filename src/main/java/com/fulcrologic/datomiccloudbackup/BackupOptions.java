package com.fulcrologic.datomiccloudbackup;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The options of {@code backup}. Immutable; start from {@link #DEFAULTS}. */
public final class BackupOptions {

  /** Starts at the end of the stored backup; 10 000 transactions a segment, 4 segments at once. */
  public static final BackupOptions DEFAULTS = new BackupOptions(new Values());

  private final Values values;

  /** Changed while options are made, and never after. */
  private static final class Values {
    private OptionalLong startT = OptionalLong.empty();
    private int transactionCountMax = 10_000;
    private int parallelism = 4;
    private boolean adopting;
    private boolean adoptingExcision;
    private SortedSet<String> excludedAttributes = Collections.emptySortedSet();
    private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    private Progress.Listener listener = Progress.IGNORED;

    private Values() {}

    private Values(Values other) {
      startT = other.startT;
      transactionCountMax = other.transactionCountMax;
      parallelism = other.parallelism;
      adopting = other.adopting;
      adoptingExcision = other.adoptingExcision;
      excludedAttributes = other.excludedAttributes;
      retryPolicy = other.retryPolicy;
      listener = other.listener;
    }
  }

  private BackupOptions(Values values) {
    this.values = values;
  }

  private BackupOptions with(Consumer<Values> change) {
    Values copy = new Values(values);
    change.accept(copy);
    return new BackupOptions(copy);
  }

  /** The first t; if empty, the end of the stored backup, or the log's beginning. */
  public OptionalLong startT() {
    return values.startT;
  }

  /** Transactions in a segment at most; at least 1. */
  public int transactionCountMax() {
    return values.transactionCountMax;
  }

  /** Segments in the making at once, and so concurrent reads of the source; 1 to 64. */
  public int parallelism() {
    return values.parallelism;
  }

  /**
   * Whether a source of another id is taken for the database that the backup belongs to, when its
   * log is the one that is stored so far.
   */
  public boolean adopting() {
    return values.adopting;
  }

  /** How often a segment that meets a transient fault is tried. */
  public RetryPolicy retryPolicy() {
    return values.retryPolicy;
  }

  /** Called after each segment. */
  public Progress.Listener listener() {
    return values.listener;
  }

  public BackupOptions startingAt(long t) {
    require(t >= 0, "startT must not be negative");
    return with(copy -> copy.startT = OptionalLong.of(t));
  }

  public BackupOptions withTransactionCountMax(int countMax) {
    require(countMax >= 1, "transactionCountMax must be at least 1");
    return with(copy -> copy.transactionCountMax = countMax);
  }

  public BackupOptions withParallelism(int segmentsAtOnce) {
    require(segmentsAtOnce >= 1 && segmentsAtOnce <= 64, "parallelism must be from 1 to 64");
    return with(copy -> copy.parallelism = segmentsAtOnce);
  }

  /**
   * For a database that has another id now, as after its system was renamed or restored: from this
   * backup on, the source owns the backup's name, and the database of the id before is refused. The
   * log stored so far must be the source's own, else it is refused as a fork. The adoption is
   * recorded in the store.
   */
  public BackupOptions adoptingSource() {
    return with(copy -> copy.adopting = true);
  }

  /**
   * Whether a backup continues whose source has excised datoms of the newest stored transaction.
   */
  public boolean adoptingExcision() {
    return values.adoptingExcision;
  }

  /**
   * For a database of Datomic Pro that has excised datoms of the newest stored transaction: the
   * backup continues, and the store records it. The excised datoms stay in the store; only a new
   * backup name forgets them.
   */
  public BackupOptions adoptingExcisions() {
    return with(copy -> copy.adoptingExcision = true);
  }

  /** The idents of the attributes that the backup leaves out; see {@link #excluding}. */
  public SortedSet<String> excludedAttributes() {
    return values.excludedAttributes;
  }

  /**
   * Leaves out the datoms of an attribute, so that no value of it enters the store. The first
   * backup under a name records this for ever, and each later one does the same, with or without
   * this option. It is refused when the backup leaves out other attributes.
   *
   * @param attribute an ident that the attribute has or had, as in {@code ":person/email"}
   */
  public BackupOptions excluding(String attribute) {
    SortedSet<String> excluded = new TreeSet<>(values.excludedAttributes);
    excluded.add(attribute);
    return with(copy -> copy.excludedAttributes = Collections.unmodifiableSortedSet(excluded));
  }

  public BackupOptions withRetryPolicy(RetryPolicy policy) {
    return with(copy -> copy.retryPolicy = policy);
  }

  public BackupOptions withListener(Progress.Listener newListener) {
    return with(copy -> copy.listener = newListener);
  }

  private static void require(boolean holds, String requirement) {
    if (!holds) {
      throw new IllegalArgumentException(requirement);
    }
  }
}
