package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.jobs.Job;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a job until the process is asked to end, and prints its events line by line. The process
 * ends only when the job has ended, and its report is printed. Thread-safe.
 */
final class Following implements CloningListener {
  private static final Duration REPORT_WAIT_MAX = Duration.ofSeconds(2);

  private final Consumer<String> say;
  private final Consumer<String> warn;
  private final CountDownLatch reported = new CountDownLatch(1);
  private long storedCount;
  private long restoredCount;
  private @Nullable Lag backupLag;
  private @Nullable Lag restoreLag;

  Following(Consumer<String> say, Consumer<String> warn) {
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
      forget(hook);
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

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return; // the hook has ended the job
    }
  }

  private synchronized Report report(Map<String, Object> about) {
    Map<String, Object> json = new LinkedHashMap<>(about);
    json.put("stored", storedCount);
    json.put("restored", restoredCount);
    put(json, "backupLag", backupLag);
    put(json, "restoreLag", restoreLag);
    return new Report(
        List.of(
            "stopped, after "
                + Words.counted(storedCount, "stored transaction")
                + " and "
                + Words.counted(restoredCount, "restored transaction")
                + "; run it again to continue"),
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
    say.accept("stored " + Words.range(segment.range()));
  }

  @Override
  public void gapFound(String name, TxRange missing) {
    warn.accept(
        "backup "
            + name
            + " is incomplete: "
            + Words.range(missing)
            + " is missing; it is filled from the source first");
  }

  @Override
  public synchronized void restored(String name, RestoredSegment segment, Duration duration) {
    restoredCount += segment.transactionCount();
    say.accept("restored " + Words.range(segment.range()));
  }

  @Override
  public synchronized void backupLag(String name, Lag lag) {
    tell("backup", backupLag, lag);
    backupLag = lag;
  }

  @Override
  public synchronized void restoreLag(String name, Lag lag) {
    tell("restore", restoreLag, lag);
    restoreLag = lag;
  }

  @Override
  public synchronized void retrying(
      String name, BackupException failure, int failureCount, Duration pause) {
    warn.accept(
        Problem.of(failure).message()
            + "; failures in succession: "
            + failureCount
            + ", next attempt in "
            + Words.duration(pause));
  }

  private void tell(String what, @Nullable Lag before, Lag lag) {
    if (!lag.equals(before)) {
      say.accept(
          lag.t() == 0
              ? what + ": up to date"
              : what + ": " + Words.count(lag.t()) + " t behind, " + Words.duration(lag.time()));
    }
  }
}
