package com.fulcrologic.datomiccloudbackup;

import java.util.OptionalLong;
import java.util.Set;

/**
 * The target holds everything that is stored, as far as the call has looked, or everything up to
 * the point asked for.
 *
 * @param lastSourceT the last restored source t; empty when nothing was ever restored
 */
public record NothingNewAvailable(OptionalLong lastSourceT, Set<String> unmatchedFilters)
    implements RestoreOutcome {
  public NothingNewAvailable {
    unmatchedFilters = Set.copyOf(unmatchedFilters);
  }
}
