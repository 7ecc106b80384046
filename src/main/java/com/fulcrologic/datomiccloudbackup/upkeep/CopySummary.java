package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RedactionRule;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.util.List;

/**
 * The result of one copy of a backup.
 *
 * @param segments the segments that it wrote, in ascending order
 * @param alreadyStoredCount segments that an earlier call had written
 * @param leftOutDatomCount datoms of the segments that it wrote that the rules left out
 * @param gaps the ranges that the backup lacks, and so the copy
 * @param rules all rules of the copy, those of the backup included
 * @param duration how long it took
 */
public record CopySummary(
    List<BackedUpSegment> segments,
    long alreadyStoredCount,
    long leftOutDatomCount,
    List<TxRange> gaps,
    List<RedactionRule> rules,
    Duration duration) {
  public CopySummary {
    segments = List.copyOf(segments);
    gaps = List.copyOf(gaps);
    rules = List.copyOf(rules);
  }
}
