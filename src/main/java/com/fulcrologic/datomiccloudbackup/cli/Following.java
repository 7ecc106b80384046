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
  private final Half backup;
  private final Half restore;
  private Instant summaryDue;
  private boolean isTroubled = true; // since the start, or a warning, until all is well
  private boolean isLagNew;

  /** The work of one direction: into the store, or into the target. */
  private static final class Half {
    private final boolean isFollowed;
    private final String name;
    private final String done;
    private long count;
    private long countBefore; // at the last summary line
    private @Nullable Lag lag;

    private Half(boolean isFollowed, String name, String done) {
      this.isFollowed = isFollowed;
      this.name = name;
      this.done = done;
    }

    private boolean isUpToDate() {
      return !isFollowed || (lag != null && lag.t() == 0);
    }
  }

  Following(
      Consumer<String> say, Consumer<String> warn, Clock clock, boolean stores, boolean restores) {
    this.say = say;
    this.warn = warn;
    this.clock = clock;
    this.backup = new Half(stores, "backup", "stored");
    this.restore = new Half(restores, "restore", "restored");
    this.summaryDue = clock.instant().plus(SUMMARY_PERIOD);
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
    Map<String, Object> lags = new LinkedHashMap<>();
    List<String> done = new ArrayList<>();
    for (Half half : List.of(backup, restore)) {
      if (half.isFollowed) {
        json.put(half.done + "Transactions", half.count);
        done.add(Words.counted(half.count, half.done + " transaction"));
      }
      if (half.lag != null) {
        lags.put(half.name + "Lag", StatusCommand.json(half.lag));
      }
    }
    json.putAll(lags);
    return new Report(
        List.of("stopped, after " + String.join(" and ", done) + "; run it again to continue"),
        json);
  }

  @Override
  public synchronized void backedUp(String name, BackedUpSegment segment, Duration duration) {
    backup.count += segment.transactionCount();
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
      restore.count += segment.transactionCount();
    }
    RestoreReport.problem(segment.unequalTs())
        .ifPresent(problem -> warn.accept(problem.message() + "; " + problem.hint()));
  }

  @Override
  public synchronized void backupLag(String name, Lag lag) {
    lagged(backup, lag);
  }

  @Override
  public synchronized void restoreLag(String name, Lag lag) {
    lagged(restore, lag);
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
    if (isTroubled && backup.isUpToDate() && restore.isUpToDate()) {
      isTroubled = false;
      isLagNew = true;
      summaryDue = clock.instant();
      summarize();
    }
  }

  private void lagged(Half half, Lag lag) {
    isLagNew |= !lag.equals(half.lag);
    half.lag = lag;
    summarize();
  }

  /** Prints what has happened since the last summary line, if it is time for the next one. */
  private void summarize() {
    List<Half> halves = List.of(backup, restore);
    Instant now = clock.instant();
    boolean isNew = isLagNew || halves.stream().anyMatch(half -> half.count > half.countBefore);
    if (!isNew || now.isBefore(summaryDue)) {
      return;
    }
    List<String> parts = new ArrayList<>();
    for (Half half : halves) {
      if (half.lag != null) {
        parts.add(summary(half, half.lag));
      }
      half.countBefore = half.count;
    }
    say.accept(now.truncatedTo(ChronoUnit.SECONDS) + " " + String.join("; ", parts));
    summaryDue = now.plus(SUMMARY_PERIOD);
    isLagNew = false;
  }

  private static String summary(Half half, Lag lag) {
    long count = half.count - half.countBefore;
    String done = count == 0 ? "" : half.done + " " + Words.counted(count, "transaction") + ", ";
    return done + half.name + " " + (lag.t() == 0 ? "up to date" : Words.behind(lag));
  }
}
