package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopySummary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "copy-backup",
    description =
        "Copies a backup under another name, or into another store: as it is, or without some"
            + " attributes and entities. Transactions, t and ids stay. Changes nothing in the backup.")
final class CopyBackupCommand extends Command {
  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

  @Option(
      names = "--to-store",
      paramLabel = "URI",
      description = "The store of the copy; the same store when it is not given.")
  private @Nullable String toStore;

  @Option(
      names = "--to-name",
      paramLabel = "BACKUP",
      description = "The name of the copy; the same name when it is not given.")
  private @Nullable String toName;

  @Option(
      names = "--to-keys",
      paramLabel = "FILE",
      description = "The keyset file of the copy; that of --keys when it is not given.")
  private @Nullable String toKeys;

  @Option(
      names = "--to-plain",
      description = "Writes the copy of a sealed backup without sealing it.")
  private boolean toPlain;

  @Mixin private ErasingOptions erasing = new ErasingOptions();

  @Override
  boolean isResumable() {
    return true;
  }

  @Override
  Report run() {
    Usage.refuseIf(
        toStore == null && (toName == null || toName.equals(stored.name())),
        "copy-backup needs --to-store, --to-name or both",
        "name the store of the copy, or another name in the same store");
    Usage.refuseIf(
        toKeys != null && toPlain,
        "--to-keys and --to-plain do not go together",
        "leave one of them out");
    CopyOptions options = erasing.options();
    NamedBackup backup = stored.open();
    NamedBackup copy = new NamedBackup(target(), toName == null ? backup.name() : toName);
    CopySummary summary =
        watch(
            "copy-backup",
            progress ->
                backup
                    .cloning()
                    .copyBackup(
                        backup.name(), copy.store(), copy.name(), options.withListener(progress)));
    summary.gaps().forEach(gap -> warn("the backup, and so the copy, lacks " + gap));
    return new Report(
        lines(summary, copy.place()),
        backup.json(
            "toName", copy.name(),
            "toStore", copy.store().location(),
            "segments", BackupReport.json(summary.segments()),
            "alreadyStored", summary.alreadyStoredCount(),
            "leftOutDatoms", summary.leftOutDatomCount(),
            "gaps", Json.ranges(summary.gaps()),
            "redactions", summary.rules().stream().map(VerifyReport::json).toList()));
  }

  /** The store of the copy; it is sealed as the backup is, unless an option says otherwise. */
  private BackupStore target() {
    BackupStore plain = toStore == null ? stored.store().openPlain() : StoreUris.open(toStore);
    if (toPlain) {
      return plain;
    }
    return toKeys == null
        ? stored.store().keys().over(plain)
        : SealedBackupStore.over(plain, SealingKeys.read(KeysOption.path(toKeys)));
  }

  private static List<String> lines(CopySummary summary, String place) {
    int written = summary.segments().size();
    String copied =
        written == 0
            ? "nothing new to copy"
            : "copied %s in %s"
                .formatted(Words.counted(written, "segment"), Words.duration(summary.duration()));
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s has %s"
            .formatted(
                copied, place, Words.counted(written + summary.alreadyStoredCount(), "segment")));
    summary.rules().forEach(rule -> lines.add(VerifyReport.line(rule)));
    if (!summary.rules().isEmpty()) {
      lines.add("  left out: " + Words.counted(summary.leftOutDatomCount(), "datom"));
    }
    return lines;
  }
}
