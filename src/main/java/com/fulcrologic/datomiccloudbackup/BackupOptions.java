package com.fulcrologic.datomiccloudbackup;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** The options of {@code backup}. Immutable; start from {@link #DEFAULTS}. */
public final class BackupOptions {

  /** Starts at the end of the stored backup; 10 000 transactions a segment, 4 segments at once. */
  public static final BackupOptions DEFAULTS =
      new BackupOptions(
          OptionalLong.empty(),
          10_000,
          4,
          false,
          false,
          new TreeSet<>(),
          RetryPolicy.DEFAULT,
          Progress.IGNORED);

  private final OptionalLong startT;
  private final int transactionCountMax;
  private final int parallelism;
  private final boolean adopting;
  private final boolean adoptingExcision;
  private final SortedSet<String> excludedAttributes;
  private final RetryPolicy retryPolicy;
  private final Progress.Listener listener;

  private BackupOptions(
      OptionalLong startT,
      int transactionCountMax,
      int parallelism,
      boolean adopting,
      boolean adoptingExcision,
      SortedSet<String> excludedAttributes,
      RetryPolicy retryPolicy,
      Progress.Listener listener) {
    if (startT.isPresent() && startT.getAsLong() < 0) {
      throw new IllegalArgumentException("startT must not be negative");
    }
    if (transactionCountMax < 1) {
      throw new IllegalArgumentException("transactionCountMax must be at least 1");
    }
    if (parallelism < 1 || parallelism > 64) {
      throw new IllegalArgumentException("parallelism must be from 1 to 64");
    }
    this.startT = startT;
    this.transactionCountMax = transactionCountMax;
    this.parallelism = parallelism;
    this.adopting = adopting;
    this.adoptingExcision = adoptingExcision;
    this.excludedAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(excludedAttributes));
    this.retryPolicy = retryPolicy;
    this.listener = listener;
  }

  /** The first t; if empty, the end of the stored backup, or the log's beginning. */
  public OptionalLong startT() {
    return startT;
  }

  /** Transactions in a segment at most; at least 1. */
  public int transactionCountMax() {
    return transactionCountMax;
  }

  /** Segments in the making at once, and so concurrent reads of the source; 1 to 64. */
  public int parallelism() {
    return parallelism;
  }

  /**
   * Whether a source of another id is taken for the database that the backup belongs to, when its
   * log is the one that is stored so far.
   */
  public boolean adopting() {
    return adopting;
  }

  /** How often a segment that meets a transient fault is tried. */
  public RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /** Called after each segment. */
  public Progress.Listener listener() {
    return listener;
  }

  public BackupOptions startingAt(long t) {
    return new BackupOptions(
        OptionalLong.of(t),
        transactionCountMax,
        parallelism,
        adopting,
        adoptingExcision,
        excludedAttributes,
        retryPolicy,
        listener);
  }

  public BackupOptions withTransactionCountMax(int countMax) {
    return new BackupOptions(
        startT,
        countMax,
        parallelism,
        adopting,
        adoptingExcision,
        excludedAttributes,
        retryPolicy,
        listener);
  }

  public BackupOptions withParallelism(int segmentsAtOnce) {
    return new BackupOptions(
        startT,
        transactionCountMax,
        segmentsAtOnce,
        adopting,
        adoptingExcision,
        excludedAttributes,
        retryPolicy,
        listener);
  }

  /**
   * For a database that has another id now, as after its system was renamed or restored: from this
   * backup on, the source owns the backup's name, and the database of the id before is refused. The
   * log stored so far must be the source's own, else it is refused as a fork. The adoption is
   * recorded in the store.
   */
  public BackupOptions adoptingSource() {
    return new BackupOptions(
        startT,
        transactionCountMax,
        parallelism,
        true,
        adoptingExcision,
        excludedAttributes,
        retryPolicy,
        listener);
  }

  /**
   * Whether a backup continues whose source has excised datoms of the newest stored transaction.
   */
  public boolean adoptingExcision() {
    return adoptingExcision;
  }

  /**
   * For a database of Datomic Pro that has excised datoms of the newest stored transaction: the
   * backup continues, and the store records it. The excised datoms stay in the store; only a new
   * backup name forgets them.
   */
  public BackupOptions adoptingExcisions() {
    return new BackupOptions(
        startT,
        transactionCountMax,
        parallelism,
        adopting,
        true,
        excludedAttributes,
        retryPolicy,
        listener);
  }

  /** The idents of the attributes that the backup leaves out; see {@link #excluding}. */
  public SortedSet<String> excludedAttributes() {
    return excludedAttributes;
  }

  /**
   * Leaves out the datoms of an attribute, so that no value of it enters the store. The first
   * backup under a name records this for ever, and each later one does the same, with or without
   * this option. It is refused when the backup leaves out other attributes.
   *
   * @param attribute an ident that the attribute has or had, as in {@code ":person/email"}
   */
  public BackupOptions excluding(String attribute) {
    SortedSet<String> excluded = new TreeSet<>(excludedAttributes);
    excluded.add(attribute);
    return new BackupOptions(
        startT,
        transactionCountMax,
        parallelism,
        adopting,
        adoptingExcision,
        excluded,
        retryPolicy,
        listener);
  }

  public BackupOptions withRetryPolicy(RetryPolicy policy) {
    return new BackupOptions(
        startT,
        transactionCountMax,
        parallelism,
        adopting,
        adoptingExcision,
        excludedAttributes,
        policy,
        listener);
  }

  public BackupOptions withListener(Progress.Listener newListener) {
    return new BackupOptions(
        startT,
        transactionCountMax,
        parallelism,
        adopting,
        adoptingExcision,
        excludedAttributes,
        retryPolicy,
        newListener);
  }
}
