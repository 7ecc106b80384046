package com.fulcrologic.datomiccloudbackup;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The result of one call of {@code restoreSegment}. */
public sealed interface RestoreOutcome {

  /** Idents in the caller's filters that no attribute of the stored log ever had. */
  Set<String> unmatchedFilters();

  /**
   * The transactions that this call has put into the target, or the baseline that it has loaded.
   *
   * @param baselineT the t of the loaded baseline; then {@code range} ends with it, {@code
   *     transactionCount} is 1, for its last transaction, and {@code datomCount} that of its state
   * @param range the source transactions restored by this call: from the first t, to the last t + 1
   * @param transactionCount the number of these transactions; at least 1
   * @param datomCount source datoms in them
   * @param unmatchedFilters idents in the filters that no attribute of the stored log ever had
   * @param unequalTs the first {@value #UNEQUAL_COUNT_MAX} source t, ascending, for which the
   *     target logged another number of datoms than the source has: the two logs differ there, as
   *     {@link Cloning#verify} will show. Usually empty; filtered restores are not counted
   * @param leftOut the data of these transactions that the target does not get, since its Datomic
   *     cannot express it, one for each kind
   */
  record RestoredSegment(
      OptionalLong baselineT,
      TxRange range,
      int transactionCount,
      long datomCount,
      Set<String> unmatchedFilters,
      List<Long> unequalTs,
      List<LeftOut> leftOut)
      implements RestoreOutcome {
    /** How many {@link #unequalTs} are kept. */
    public static final int UNEQUAL_COUNT_MAX = 100;

    public RestoredSegment {
      unequalTs = List.copyOf(unequalTs);
      leftOut = List.copyOf(leftOut);
      unmatchedFilters = Set.copyOf(unmatchedFilters);
    }
  }

  /**
   * The target holds everything that is stored, as far as the call has looked, or everything up to
   * the requested point.
   *
   * @param lastSourceT the last restored source t; empty when nothing was ever restored
   */
  record NothingNewAvailable(OptionalLong lastSourceT, Set<String> unmatchedFilters)
      implements RestoreOutcome {
    public NothingNewAvailable {
      unmatchedFilters = Set.copyOf(unmatchedFilters);
    }
  }
}
