package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopySummary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "copy-backup",
    description =
        "Copies a backup under another name, or into another store: as it is, or without some"
            + " attributes and entities. Transactions, t and ids stay. Changes nothing in the"
            + " backup.")
final class CopyBackupCommand extends Command implements Command.Resumable {
  private static final int FILE_SIZE_MAX = 4 << 20;

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

  @Option(
      names = "--exclude",
      paramLabel = ":ATTR",
      description = "Leaves out the datoms of this attribute; may be repeated.")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--erase",
      paramLabel = ":ATTR=VALUE",
      description =
          "Leaves out all datoms of each entity that ever had this value, and of its components;"
              + " may be repeated. The process list of the machine shows the value.")
  private List<String> values = new ArrayList<>();

  @Option(
      names = "--erase-entity",
      paramLabel = "ID",
      description =
          "Leaves out all datoms of the entity with this id in the source, and of its components;"
              + " may be repeated.")
  private List<Long> entities = new ArrayList<>();

  @Option(
      names = "--erase-file",
      paramLabel = "FILE",
      description = "The same for the ids in a file, one on each line; 100 000 at most.")
  private @Nullable String file;

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
    CopyOptions options = options();
    NamedBackup backup = stored.openBackup();
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

  /** The rules of the copy. No message has a value. */
  private CopyOptions options() {
    CopyOptions options = CopyOptions.DEFAULTS.erasing(entities);
    for (String ident : excluded) {
      options = options.excluding(ident);
    }
    for (String value : values) {
      int end = value.indexOf('=');
      Usage.refuseIf(
          end < 1 || !value.startsWith(":"),
          "--erase is not an attribute and a value",
          "write it like :person/email=x@example.com");
      options = options.erasing(value.substring(0, end), value.substring(end + 1));
    }
    return file == null ? options : options.erasing(ids(file));
  }

  private static List<Long> ids(String file) {
    byte[] bytes =
        Usage.bytes(
            "--erase-file", file, FILE_SIZE_MAX, "name a text file that this user can read");
    Usage.refuseIf(
        bytes.length > FILE_SIZE_MAX,
        "--erase-file has more than " + FILE_SIZE_MAX + " bytes",
        "erase fewer entities at once");
    List<Long> ids = new ArrayList<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      try {
        if (!line.isBlank()) {
          ids.add(Long.valueOf(line.strip()));
        }
      } catch (NumberFormatException noId) { // has the line in its message
        throw Usage.refusal(
            "--erase-file has a line that is not an entity id, after " + ids.size() + " ids",
            "write one id in decimal digits on each line, and nothing else");
      }
    }
    return ids;
  }

  /** The store of the copy; it is sealed as the backup is, unless an option says otherwise. */
  private BackupStore target() {
    BackupStore plain = toStore == null ? stored.openPlain() : StoreUris.open(toStore);
    if (toPlain) {
      return plain;
    }
    return toKeys == null
        ? stored.keys().over(plain)
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
