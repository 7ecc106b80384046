package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import java.time.Duration;
import java.util.List;

/**
 * The result of one compaction.
 *
 * @param segments the larger segments that it wrote, in ascending order
 * @param inUseCount segments that readers use now
 * @param coveredCount segments that no reader uses now, since larger ones cover them
 * @param duration how long it took
 */
public record CompactSummary(
    List<BackedUpSegment> segments, long inUseCount, long coveredCount, Duration duration) {
  public CompactSummary {
    segments = List.copyOf(segments);
  }
}
