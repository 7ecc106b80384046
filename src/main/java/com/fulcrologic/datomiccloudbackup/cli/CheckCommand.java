package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "check",
    description =
        "Checks whether a stored backup is sound."
            + " The exit code reflects the most severe finding: 20 corrupt, 23 segments with different"
            + " pasts, 22 a segment of another database, 21 a gap, 26 a later format.")
final class CheckCommand extends Command {
  private static final int PARALLELISM_MAX = 64;

  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description =
          "names: reads the listing; hash: every byte; decode: and every transaction."
              + " hash when it is not given.")
  private String level = "hash";

  @Option(
      names = "--from-t",
      paramLabel = "T",
      description = "The first t to check, as an interrupted check reported it.")
  private long fromT;

  @Option(names = "--to-t", paramLabel = "T", description = "The last t to check.")
  private @Nullable Long toT;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Segments read at once, 1 to 64; 4 when it is not given.")
  private int parallelism = CheckOptions.DEFAULTS.parallelism();

  @Mixin private ReceiptsOption receipts = new ReceiptsOption();
  @Mixin private SpillOptions spill = new SpillOptions();

  @Override
  Report run() {
    CheckOptions options =
        CheckOptions.DEFAULTS
            .withLevel(level())
            .within(range())
            .withParallelism(Usage.requireBetween("--parallelism", parallelism, 1, PARALLELISM_MAX))
            .withSpillDirectory(spill.directory());
    NamedBackup backup = stored.openBackup();
    Optional<BackupStore> kept = receipts.open(stored.keys(), backup.store());
    CheckReport report =
        watch("check", progress -> checked(backup, options.withListener(progress), kept));
    return new Report(lines(report), json(report, backup), problem(report, stored.keys()));
  }

  private static CheckReport checked(
      NamedBackup backup, CheckOptions options, Optional<BackupStore> receipts) {
    return receipts
        .map(kept -> backup.cloning().check(backup.name(), options, kept))
        .orElseGet(() -> backup.cloning().check(backup.name(), options));
  }

  private CheckLevel level() {
    try {
      return CheckLevel.valueOf(level.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw Usage.refusal("--level is none of names, hash and decode", "give one of them");
    }
  }

  private TxRange range() {
    Usage.refuseIf(
        fromT < 0 || (toT != null && toT < fromT),
        "--from-t and --to-t are out of range",
        "give 0 or more, --to-t not below --from-t");
    return new TxRange(fromT, toT == null || toT == Long.MAX_VALUE ? Long.MAX_VALUE : toT + 1);
  }

  private static List<String> lines(CheckReport report) {
    List<String> lines = new ArrayList<>();
    report.findings().forEach(each -> lines.add(word(each.kind()) + ": " + each.message()));
    addMore(report.findingCount() - report.findings().size(), "more", lines);
    report.keyLevels().forEach(level -> lines.add(line(level)));
    if (report.baselineCount() > 0) {
      lines.add(Words.counted(report.baselineCount(), "baseline") + " (baseline --list)");
    }
    String receipts = Words.counted(report.receiptCount(), "receipt");
    report.lastReceipt().ifPresent(last -> lines.add(receipts + ", the newest for t " + last.t()));
    for (String key : report.foreignKeys()) {
      lines.add("foreign, and left alone: " + key.replaceAll("\\p{Cntrl}", "?"));
    }
    addMore(report.foreignKeyCount() - report.foreignKeys().size(), "more that are foreign", lines);
    if (report.isSound()) {
      lines.add(
          "%s is sound at level %s: %s, %s in %s"
              .formatted(
                  report.location(),
                  word(report.level()),
                  Words.counted(report.segmentCount(), "segment"),
                  Words.size(report.size()),
                  Words.duration(report.duration())));
    }
    return lines;
  }

  private static void addMore(long count, String what, List<String> lines) {
    if (count > 0) {
      lines.add("and " + Words.count(count) + " " + what);
    }
  }

  private static String line(CheckReport.KeyLevel level) {
    return "%s: %s, %s, %s of them covered by larger ones%s"
        .formatted(
            level.prefix(),
            Words.counted(level.segmentCount(), "segment"),
            Words.size(level.size()),
            Words.count(level.coveredCount()),
            level.firstInUse().map(first -> "; the first in use is " + first).orElse(""));
  }

  private static Map<String, Object> json(CheckReport report, NamedBackup backup) {
    return backup.json(
        "level", word(report.level()),
        "segmentCount", report.segmentCount(),
        "bytes", report.size(),
        "transactions", report.transactionCount(),
        "baselineCount", report.baselineCount(),
        "receiptCount", report.receiptCount(),
        "receipt", report.lastReceipt().map(ReceiptsOption::json),
        "findingCounts", Json.counts(report.findingCounts()),
        "findings", report.findings().stream().map(CheckCommand::json).toList(),
        "foreignKeyCount", report.foreignKeyCount(),
        "foreignKeys", report.foreignKeys(),
        "keyLevels", report.keyLevels().stream().map(CheckCommand::json).toList());
  }

  private static Map<String, Object> json(CheckFinding finding) {
    return Json.object(
        "kind", Json.name(finding.kind()),
        "range", finding.range().map(Json::range),
        "message", finding.message());
  }

  private static Map<String, Object> json(CheckReport.KeyLevel level) {
    return Json.object(
        "prefix", level.prefix(),
        "segmentCount", level.segmentCount(),
        "coveredCount", level.coveredCount(),
        "bytes", level.size(),
        "firstInUse", level.firstInUse().map(Json::range));
  }

  private static Optional<Problem> problem(CheckReport report, KeysOption keys) {
    String found = Words.counted(report.findingCount(), "finding") + " in " + report.location();
    return report
        .worst()
        .map(
            worst ->
                new Problem(
                    exitCode(worst), found + ", the worst: " + word(worst), hint(worst, keys)));
  }

  private static int exitCode(CheckFinding.Kind worst) {
    return switch (worst) {
      case CORRUPT -> ExitCode.CORRUPT;
      case FORKED, ROLLED_BACK -> ExitCode.FORKED_HISTORY;
      case FOREIGN_SOURCE -> ExitCode.FOREIGN_SOURCE;
      case GAP -> ExitCode.GAP;
      case UNSUPPORTED_FORMAT -> ExitCode.UNSUPPORTED_FORMAT;
    };
  }

  private static String hint(CheckFinding.Kind worst, KeysOption keys) {
    return switch (worst) {
      case CORRUPT ->
          keys.areGiven()
              ? "if the backup never was sealed, give no keys (--keys, DCB_KEYS); else recover the"
                  + " broken objects from a copy of the store"
              : "recover the broken objects from a copy of the store; or move them away, then fill"
                  + " the gap from the source with repair";
      case FORKED, FOREIGN_SOURCE ->
          "find the store's other writer; verify with --source shows which segments are right";
      case ROLLED_BACK ->
          "recover the segments from a copy of the store; or back up again, if the source still has"
              + " that transaction";
      case GAP -> "fill it from the source with repair";
      case UNSUPPORTED_FORMAT -> "use a later version of this program";
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
