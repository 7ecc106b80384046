package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopySummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a backup: as it is, under other keys, or without attributes and entities. */
@picocli.CommandLine.Command(
    name = "copy-backup",
    description =
        "Copies a backup under another name, or into another store: as it is, or without some"
            + " attributes and entities. Transactions, t and ids stay. Changes nothing in the backup.")
final class CopyBackupCommand extends Command {
  @Mixin private StoredBackupOptions stored = new StoredBackupOptions();

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

  CopyBackupCommand(Console console) {
    super(console);
  }

  @Override
  boolean isResumable() {
    return true;
  }

  @Override
  Report run() {
    if (toStore == null && (toName == null || toName.equals(stored.name()))) {
      throw new InvalidConfigurationException(
          "copy-backup needs --to-store, --to-name or both",
          "name the store of the copy, or another name in the same store");
    }
    if (toKeys != null && toPlain) {
      throw new InvalidConfigurationException(
          "--to-keys and --to-plain do not go together", "leave one of them out");
    }
    CopyOptions options = erasing.options();
    BackupStore backups = stored.open();
    BackupStore target = target();
    String name = toName == null ? stored.name() : toName;
    CopySummary summary;
    try (ProgressDisplay progress = progress("copy-backup")) {
      summary =
          Cloning.with(backups)
              .copyBackup(stored.name(), target, name, options.withListener(progress));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", stored.name());
    json.put("store", backups.location());
    json.put("toName", name);
    json.put("toStore", target.location());
    json.put("segments", summary.segments().stream().map(BackupReport::json).toList());
    json.put("alreadyStored", summary.alreadyStoredCount());
    json.put("leftOutDatoms", summary.leftOutDatomCount());
    json.put("gaps", summary.gaps().stream().map(Json::range).toList());
    json.put("redactions", summary.rules().stream().map(VerifyReport::json).toList());
    summary.gaps().forEach(gap -> warn("the backup, and so the copy, lacks " + gap));
    return new Report(lines(summary, "backup " + name + " in " + target.location()), json);
  }

  /** The store of the copy; it is sealed as the backup is, unless an option says otherwise. */
  private BackupStore target() {
    BackupStore plain = toStore == null ? stored.openPlain() : StoreUris.open(toStore);
    if (toPlain) {
      return plain;
    }
    return toKeys == null
        ? stored.sealed(plain)
        : SealedBackupStore.over(plain, SealingKeys.read(KeysOption.path(toKeys)));
  }

  private static List<String> lines(CopySummary summary, String place) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (summary.segments().isEmpty()
                ? "nothing new to copy: "
                : "copied %s in %s: "
                    .formatted(
                        Words.counted(summary.segments().size(), "segment"),
                        Words.duration(summary.duration())))
            + place
            + " has "
            + Words.counted(summary.segments().size() + summary.alreadyStoredCount(), "segment"));
    summary.rules().forEach(rule -> lines.add(VerifyReport.line(rule)));
    if (!summary.rules().isEmpty()) {
      lines.add("  left out: " + Words.counted(summary.leftOutDatomCount(), "datom"));
    }
    return lines;
  }
}
