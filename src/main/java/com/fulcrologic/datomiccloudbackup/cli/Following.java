package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestoreSummary.LoadedBaseline;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.jobs.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a job until the process is asked to end. Prints one summary line a minute at most, but
 * warnings at once, and also the lag when trouble begins, and when it is over. The process ends
 * only when the job has ended, and its report is printed. Thread-safe.
 */
final class Following implements CloningListener {
  private static final Duration REPORT_WAIT_MAX = Duration.ofSeconds(2);
  private static final Duration SUMMARY_PERIOD = Duration.ofMinutes(1);

  private final Consumer<String> say;
  private final Consumer<String> warn;
  private final Clock clock;
  private final CountDownLatch reported = new CountDownLatch(1);
  private final boolean stores;
  private final boolean restores;
  private Instant summaryDue;
  private boolean isTroubled = true; // since the start, or a warning, until all is well
  private long storedBefore; // at the last summary line
  private long restoredBefore;
  private boolean isLagNew;
  private long storedCount;
  private long restoredCount;
  private @Nullable Lag backupLag;
  private @Nullable Lag restoreLag;

  /**
   * @param clock for the time in a summary line
   * @param stores whether a backup is followed
   * @param restores whether a restore is followed
   */
  Following(
      Consumer<String> say, Consumer<String> warn, Clock clock, boolean stores, boolean restores) {
    this.clock = clock;
    this.stores = stores;
    this.restores = restores;
    this.summaryDue = clock.instant().plus(SUMMARY_PERIOD);
    this.say = say;
    this.warn = warn;
  }

  /** Runs the job; SIGTERM and ctrl-c close the job first, then end the process. */
  Report run(Job job, Map<String, Object> about) {
    Thread hook = new Thread(() -> end(job), "datomic-cloud-backup-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      job.run();
    } finally {
      Command.forget(hook);
    }
    return report(about);
  }

  /** Called when everything is printed. */
  void reported() {
    reported.countDown();
  }

  private void end(Job job) {
    job.close();
    try {
      boolean unused = reported.await(REPORT_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Report report(Map<String, Object> about) {
    Map<String, Object> json = new LinkedHashMap<>(about);
    List<String> done = new ArrayList<>();
    if (stores) {
      json.put("storedTransactions", storedCount);
      done.add(Words.counted(storedCount, "stored transaction"));
    }
    if (restores) {
      json.put("restoredTransactions", restoredCount);
      done.add(Words.counted(restoredCount, "restored transaction"));
    }
    put(json, "backupLag", backupLag);
    put(json, "restoreLag", restoreLag);
    return new Report(
        List.of("stopped, after " + String.join(" and ", done) + "; run it again to continue"),
        json);
  }

  private static void put(Map<String, Object> json, String key, @Nullable Lag lag) {
    if (lag != null) {
      Map<String, Object> inner = new LinkedHashMap<>();
      StatusReport.put(inner, lag);
      json.put(key, inner);
    }
  }

  @Override
  public synchronized void backedUp(String name, BackedUpSegment segment, Duration duration) {
    storedCount += segment.transactionCount();
  }

  @Override
  public synchronized void gapFound(String name, TxRange missing) {
    troubled();
    warn.accept(
        "backup %s is incomplete: %s is missing; it is filled from the source first"
            .formatted(name, missing));
  }

  @Override
  public synchronized void restored(String name, RestoredSegment segment, Duration duration) {
    if (segment.baselineT().isPresent()) {
      long t = segment.baselineT().getAsLong();
      say.accept(RestoreReport.line(new LoadedBaseline(t, segment.datomCount(), duration)).strip());
    } else {
      restoredCount += segment.transactionCount();
    }
  }

  @Override
  public synchronized void backupLag(String name, Lag lag) {
    isLagNew |= !lag.equals(backupLag);
    backupLag = lag;
    summarize();
  }

  @Override
  public synchronized void backupHealthy(String name) {
    healthy();
  }

  @Override
  public synchronized void restoreHealthy(String name) {
    healthy();
  }

  @Override
  public synchronized void restoreLag(String name, Lag lag) {
    isLagNew |= !lag.equals(restoreLag);
    restoreLag = lag;
    summarize();
  }

  @Override
  public synchronized void retrying(
      String name, BackupException failure, int failureCount, Duration pause) {
    troubled();
    warn.accept(
        "%s; failures in succession: %s, next attempt in %s"
            .formatted(Problem.of(failure).message(), failureCount, Words.duration(pause)));
  }

  private void troubled() {
    if (!isTroubled) {
      isTroubled = true;
      summaryDue = clock.instant();
    }
  }

  private void healthy() {
    if (isTroubled && isUpToDate()) {
      isTroubled = false;
      isLagNew = true;
      summaryDue = clock.instant();
      summarize();
    }
  }

  /** Prints what has happened since the last summary line, if it is time for the next one. */
  private void summarize() {
    Instant now = clock.instant();
    boolean isNew = isLagNew || storedCount > storedBefore || restoredCount > restoredBefore;
    if (!isNew || now.isBefore(summaryDue)) {
      return;
    }
    List<String> parts = new ArrayList<>();
    add(parts, "stored", "backup", storedCount - storedBefore, backupLag);
    add(parts, "restored", "restore", restoredCount - restoredBefore, restoreLag);
    say.accept(now.truncatedTo(ChronoUnit.SECONDS) + " " + String.join("; ", parts));
    summaryDue = now.plus(SUMMARY_PERIOD);
    storedBefore = storedCount;
    restoredBefore = restoredCount;
    isLagNew = false;
  }

  private boolean isUpToDate() {
    return (!stores || isUpToDate(backupLag)) && (!restores || isUpToDate(restoreLag));
  }

  private static boolean isUpToDate(@Nullable Lag lag) {
    return lag != null && lag.t() == 0;
  }

  private static void add(
      List<String> parts, String done, String what, long count, @Nullable Lag lag) {
    if (lag != null) {
      parts.add(
          (count == 0 ? "" : done + " " + Words.counted(count, "transaction") + ", ")
              + what
              + (lag.t() == 0
                  ? " up to date"
                  : " " + Words.count(lag.t()) + " t behind, " + Words.duration(lag.time())));
    }
  }
}
