package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;

/**
 * A whole restore into Datomic Local in memory, or Pro, against the transact calls alone: those
 * that the restore made (translated), and the same without bookkeeping (bare). The candidates
 * alternate; the best time of each is compared, since neighbours on the machine only ever take
 * time.
 */
final class RestoreBenchmark {
  static final RestoreOptions ONE_BY_ONE =
      RestoreOptions.DEFAULTS.withInFlight(TransactionsInFlight.ONE);

  private static final int WARM_UP_COUNT = 2;
  private static final int ROUND_COUNT = 7;
  private static final int LARGE = 600_000; // datoms, of which a round takes a minute
  private static final int LARGE_ROUND_COUNT = 3;
  private static final int SEGMENT_TRANSACTION_COUNT = 2_000;

  private RestoreBenchmark() {}

  static void run(List<String> arguments) {
    List<String> cases =
        arguments.isEmpty()
            ? List.of(
                "shop:5000", "shop:20000", "wide:200", "wide:1000", "churn:5000", "churn:20000")
            : arguments;
    Sample.print(
        "| workload | datoms | datoms/s | of translated: best, each round, without pauses"
            + " | of bare | of its time with a transaction under way");
    for (String each : cases) {
      String[] parts = each.split(":", -1);
      Targets targets =
          parts.length > 2 && parts[2].equals("pro")
              ? TemporaryDatabase::createPro
              : TemporaryDatabase::create;
      measure(
          parts[0], Integer.parseInt(parts[1]), parts.length > 2 ? " " + parts[2] : "", targets);
    }
  }

  /** Makes the databases to restore into. */
  interface Targets {
    TemporaryDatabase create();
  }

  private static void measure(String kind, int transactionCount, String into, Targets targets) {
    try (TemporaryDatabase source = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill(kind, transactionCount);
      MemoryBackupStore store = new MemoryBackupStore();
      long datomCount =
          Cloning.with(store)
              .backup(
                  "w",
                  source.connection(),
                  BackupOptions.DEFAULTS.withTransactionCountMax(SEGMENT_TRANSACTION_COUNT))
              .datomCount();
      Recording recording = record(store, targets);
      Sample restore = new Sample();
      Sample translated = new Sample();
      Sample bare = new Sample();
      Sample ofTranslated = new Sample();
      Sample ofTranslatedUnpaused = new Sample();
      Sample ofBare = new Sample();
      boolean isLarge = datomCount >= LARGE;
      int roundCount = isLarge ? LARGE_ROUND_COUNT : ROUND_COUNT;
      Sample busy = new Sample();
      for (int round = isLarge ? 0 : -WARM_UP_COUNT; round < roundCount; round++) {
        Took restored = restore(store, targets, round < 0 ? new Sample() : busy);
        Took replayed = recording.replay(true, targets);
        Took replayedBare = recording.replay(false, targets);
        Sample.print(
            "round %d: restore %s, translated %s, bare %s",
            round, restored.text(), replayed.text(), replayedBare.text());
        if (round >= 0) {
          restore.add(restored.seconds());
          translated.add(replayed.seconds());
          bare.add(replayedBare.seconds());
          ofTranslated.add(replayed.seconds() / restored.seconds());
          ofTranslatedUnpaused.add(replayed.withoutPauses() / restored.withoutPauses());
          ofBare.add(replayedBare.seconds() / restored.seconds());
        }
      }
      double rate = datomCount / restore.least();
      Sample.print(
          "| %s %d%s | %d | %.0f | %.2f, %s, %s | %.2f, %s | %s",
          kind,
          transactionCount,
          into,
          datomCount,
          rate,
          translated.least() / restore.least(),
          ofTranslated.spread(),
          ofTranslatedUnpaused.spread(),
          bare.least() / restore.least(),
          ofBare.spread(),
          busy.spread());
      Sample.print(
          "RESULT name=restore workload=%s%s transactions=%d datoms=%d ratio=%.2f ratio_bare=%.2f"
              + " busy=%.2f datoms_per_second=%.0f",
          kind,
          into.replace(' ', '-'),
          transactionCount,
          datomCount,
          translated.least() / restore.least(),
          bare.least() / restore.least(),
          busy.median(),
          rate);
    }
  }

  private static Recording record(MemoryBackupStore store, Targets targets) {
    try (TemporaryDatabase target = targets.create()) {
      Recording recording = new Recording(target.connection());
      restore(store, recording, ONE_BY_ONE);
      recording.finish();
      return recording;
    }
  }

  private static Took restore(MemoryBackupStore store, Targets targets, Sample busy) {
    try (TemporaryDatabase target = targets.create()) {
      System.gc(); // each candidate begins with what it needs, and no garbage of the one before
      long pausedMillis = Took.pausedMillis();
      long start = System.nanoTime();
      BusyTime watched = new BusyTime(target.connection());
      restore(store, watched);
      double seconds = (System.nanoTime() - start) / 1e9;
      busy.add(watched.seconds() / seconds);
      return new Took(seconds, (Took.pausedMillis() - pausedMillis) / 1e3);
    }
  }

  static void restore(BackupStore store, DatomicConnection target) {
    restore(store, target, RestoreOptions.DEFAULTS);
  }

  /** In a session of its own, which remembers nothing. */
  static void restore(BackupStore store, DatomicConnection target, RestoreOptions options) {
    Cloning cloning = Cloning.with(store);
    while (cloning.restoreSegment("w", target, options) instanceof RestoredSegment) {
      // the next one
    }
  }
}
