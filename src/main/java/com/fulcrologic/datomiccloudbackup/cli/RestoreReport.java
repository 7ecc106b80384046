package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Adds up what a restore has done. Mutable; one thread. */
final class RestoreReport {
  private final String backupName;
  private final String store;
  private final String databaseName;
  private final SourcePoint end;
  private final long startNanos = System.nanoTime();
  private final Set<String> unmatchedFilters = new TreeSet<>();
  private final List<Long> unequalTs = new ArrayList<>();
  private int segmentCount;
  private long transactionCount;
  private long datomCount;
  private @Nullable TxRange range;
  private OptionalLong lastSourceT = OptionalLong.empty();

  /**
   * @param end what the restore is to end with
   */
  RestoreReport(String backupName, String store, String databaseName, SourcePoint end) {
    this.backupName = backupName;
    this.store = store;
    this.databaseName = databaseName;
    this.end = end;
  }

  void add(RestoredSegment restored) {
    segmentCount++;
    transactionCount += restored.transactionCount();
    datomCount += restored.datomCount();
    range =
        new TxRange(
            range == null ? restored.range().startT() : range.startT(), restored.range().endT());
    unmatchedFilters.addAll(restored.unmatchedFilters());
    restored.unequalTs().stream()
        .limit(RestoredSegment.UNEQUAL_COUNT_MAX - unequalTs.size())
        .forEach(unequalTs::add);
  }

  void end(NothingNewAvailable nothingNew) {
    lastSourceT = nothingNew.lastSourceT();
    unmatchedFilters.addAll(nothingNew.unmatchedFilters());
  }

  /**
   * The whole of it.
   *
   * @param targetT the target's own t
   */
  Report end(long targetT) {
    Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", backupName);
    json.put("store", store);
    json.put("db", databaseName);
    json.put("segmentCount", segmentCount);
    json.put("transactions", transactionCount);
    json.put("datoms", datomCount);
    json.put("seconds", Words.seconds(duration));
    json.put("lastSourceT", lastSourceT);
    json.put("lastInstant", reached().map(SourcePoint::instant));
    json.put("targetT", targetT);
    json.put("unmatchedFilters", List.copyOf(unmatchedFilters));
    json.put("unequalTs", List.copyOf(unequalTs));
    return new Report(lines(targetT, duration), json, problem());
  }

  private Optional<Problem> problem() {
    if (unequalTs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            ExitCode.LOGS_DIFFER,
            "the target logged other datoms than the source, at source t "
                + Words.first(unequalTs)
                + "; all the rest is restored",
            "see what differs with verify, and docs/fidelity.adoc for what Datomic cannot replay"));
  }

  /** Empty when it stands elsewhere: more was stored in the meantime. */
  private Optional<SourcePoint> reached() {
    return lastSourceT.equals(OptionalLong.of(end.t())) ? Optional.of(end) : Optional.empty();
  }

  private String standsAt() {
    return reached().map(Words::point).orElseGet(() -> "t " + lastSourceT.orElse(-1));
  }

  private List<String> lines(long targetT, Duration duration) {
    List<String> lines = new ArrayList<>();
    String standing =
        "database "
            + databaseName
            + " holds backup "
            + backupName
            + (lastSourceT.isPresent() ? " up to source " + standsAt() : "")
            + ", which is its own t "
            + targetT;
    if (range == null) {
      lines.add("nothing new: " + standing);
      return lines;
    }
    lines.add(standing);
    lines.add(
        "  restored "
            + Words.range(range)
            + ": "
            + Words.counted(transactionCount, "transaction")
            + ", "
            + Words.counted(datomCount, "datom")
            + " from "
            + Words.counted(segmentCount, "segment")
            + ", in "
            + Words.duration(duration)
            + " ("
            + Words.rate(transactionCount, "transactions", duration)
            + ")");
    return lines;
  }
}
