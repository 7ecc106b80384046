package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

final class ReceiptsOption {
  private static final String RECEIPTS = "--receipts";

  @Option(
      names = RECEIPTS,
      paramLabel = "URI",
      description =
          "A second store, for receipts of how far the backup reached; a URI as --store takes it."
              + " backup and verify append one, check compares. Sealed, if there are keys.")
  private @Nullable String uri;

  boolean isGiven() {
    return uri != null;
  }

  Optional<BackupStore> open(KeysOption keys, BackupStore backups) {
    return Optional.ofNullable(uri).map(text -> keys.over(open(text, backups.location())));
  }

  private static BackupStore open(String uri, String elsewhere) {
    BackupStore receipts = StoreUris.open(RECEIPTS, uri);
    Usage.refuseIf(
        receipts.location().equals(elsewhere),
        RECEIPTS + " is the store of the backup",
        "keep receipts where those who can write to the backup's store cannot");
    return receipts;
  }

  static Map<String, Object> json(Receipt receipt) {
    return Json.object(
        "number", receipt.number(),
        "databaseId", receipt.databaseId(),
        "t", receipt.t(),
        "transactionHash", receipt.transactionHash(),
        "written", receipt.written());
  }

  /**
   * Appends a receipt after work that went well, if there is a store for it. The report then also
   * says that, or why there is no receipt, which is a problem.
   */
  static Report receipted(Report report, NamedBackup backup, Optional<BackupStore> receipts) {
    if (receipts.isEmpty() || report.problem().isPresent()) {
      return report;
    }
    try {
      Optional<Receipt> receipt = backup.cloning().appendReceipt(backup.name(), receipts.get());
      List<String> lines = new ArrayList<>(report.lines());
      receipt.ifPresent(
          made -> lines.add("  receipt " + Words.count(made.number()) + ": t " + made.t()));
      Map<String, Object> json = new LinkedHashMap<>(report.json());
      json.put("receipt", receipt.map(ReceiptsOption::json));
      return new Report(lines, json);
    } catch (RuntimeException failed) {
      return new Report(report.lines(), report.json(), Optional.of(Problem.of(failed)));
    }
  }

  /**
   * Appends receipts while a backup is followed: when it has reached another t, and one a minute at
   * most. A failure is a warning, and the next attempt is a minute later. Thread-safe.
   */
  static final class Following implements CloningListener {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Cloning cloning;
    private final BackupStore receipts;
    private final Consumer<Problem> warn;
    private final Clock clock;
    private long reachedT = -1; // at the last success
    private Instant due = Instant.MIN;

    Following(Cloning cloning, BackupStore receipts, Consumer<Problem> warn, Clock clock) {
      this.cloning = cloning;
      this.receipts = receipts;
      this.warn = warn;
      this.clock = clock;
    }

    @Override
    public synchronized void backupReached(String name, SourcePoint point) {
      Instant now = clock.instant();
      if (point.t() == reachedT || now.isBefore(due)) {
        return;
      }
      due = now.plus(PERIOD);
      try {
        cloning.appendReceipt(name, receipts);
        reachedT = point.t();
      } catch (BackupException failed) {
        warn.accept(Problem.of(failed));
      }
    }
  }
}
