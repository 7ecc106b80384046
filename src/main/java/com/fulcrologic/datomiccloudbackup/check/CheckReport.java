package com.fulcrologic.datomiccloudbackup.check;

import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scope of a check, and its findings. Immutable.
 *
 * @param location the backup and its store, for messages
 * @param level the depth of the check
 * @param segmentCount segments checked
 * @param size their stored bytes
 * @param transactionCount transactions in them, of overlapping segments each; 0 at level names
 * @param baselineCount stored baselines checked
 * @param receiptCount receipts checked; 0 when none were given
 * @param lastReceipt the newest sound receipt; empty when there is none
 * @param findingCounts how many findings there are of each kind that was found
 * @param findings the first of them, in the order in which they were found
 * @param foreignKeyCount objects under the backup's name that are not this library's; no fault
 * @param foreignKeys the first of these, 100 at most
 * @param keyLevels the segments under each prefix of keys, in the requested range or not
 * @param duration how long it took
 */
public record CheckReport(
    String location,
    CheckLevel level,
    long segmentCount,
    long size,
    long transactionCount,
    long baselineCount,
    long receiptCount,
    Optional<Receipt> lastReceipt,
    Map<CheckFinding.Kind, Long> findingCounts,
    List<CheckFinding> findings,
    long foreignKeyCount,
    List<String> foreignKeys,
    List<KeyLevel> keyLevels,
    Duration duration) {

  /** Findings in a report at most. */
  public static final int TOLD_COUNT_MAX = 100;

  public CheckReport {
    EnumMap<CheckFinding.Kind, Long> counts = new EnumMap<>(CheckFinding.Kind.class);
    counts.putAll(findingCounts);
    findingCounts = Collections.unmodifiableMap(counts);
    findings = List.copyOf(findings);
    foreignKeys = List.copyOf(foreignKeys);
    keyLevels = List.copyOf(keyLevels);
  }

  /**
   * The segments whose keys have one prefix: those of one span.
   *
   * @param prefix what their keys begin with
   * @param segmentCount how many there are
   * @param coveredCount how many of these no reader uses, since larger ones cover them
   * @param size bytes of them all
   * @param firstInUse the first that readers use; empty when all are covered
   */
  public record KeyLevel(
      String prefix,
      long segmentCount,
      long coveredCount,
      long size,
      Optional<TxRange> firstInUse) {}

  /** Whether nothing is wrong. */
  public boolean isSound() {
    return findingCounts.isEmpty();
  }

  /** How many findings there are. */
  public long findingCount() {
    return findingCounts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The worst kind of finding; empty when nothing is wrong. */
  public Optional<CheckFinding.Kind> worst() {
    return findingCounts.keySet().stream().findFirst();
  }
}
