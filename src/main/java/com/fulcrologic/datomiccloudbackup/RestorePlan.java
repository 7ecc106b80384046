package com.fulcrologic.datomiccloudbackup;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The work of a restore, found before anything is written.
 *
 * @param range the source's t that it would cover; empty when the target holds them all
 * @param end the transaction that it would end with
 * @param leftOut the data that the target does not get, since its Datomic cannot express it, one
 *     for each kind; empty when no target is given
 * @param unmatchedFilters idents in the caller's filters that no attribute of the stored log ever
 *     had
 * @param knownAttributes all idents that attributes of the stored log ever had, to find what was
 *     meant; empty when every filter is matched
 */
public record RestorePlan(
    Optional<TxRange> range,
    SourcePoint end,
    List<LeftOut> leftOut,
    Set<String> unmatchedFilters,
    Set<String> knownAttributes) {
  public RestorePlan {
    leftOut = List.copyOf(leftOut);
    unmatchedFilters = Set.copyOf(unmatchedFilters);
    knownAttributes = Set.copyOf(knownAttributes);
  }

  /** The same plan, with this left out of the target. */
  public RestorePlan withLeftOut(List<LeftOut> left) {
    return new RestorePlan(range, end, left, unmatchedFilters, knownAttributes);
  }
}
