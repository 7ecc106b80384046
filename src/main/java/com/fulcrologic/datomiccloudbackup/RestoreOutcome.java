package com.fulcrologic.datomiccloudbackup;

import java.util.Set;

/** What one call of {@code restoreSegment} did. */
public sealed interface RestoreOutcome permits RestoredSegment, NothingNewAvailable {

  /** Idents in the caller's filters that no attribute of the stored log has ever borne. */
  Set<String> unmatchedFilters();
}
