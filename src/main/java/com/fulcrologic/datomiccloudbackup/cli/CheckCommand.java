package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks whether a store is sound; the exit code reflects the most severe finding. */
@picocli.CommandLine.Command(
    name = "check",
    description =
        "Checks whether a stored backup is sound."
            + " The exit code reflects the most severe finding: 20 corrupt, 23 segments with different"
            + " pasts, 22 a segment of another database, 21 a gap, 26 a later format.")
final class CheckCommand extends Command {
  private static final int PARALLELISM_MAX = 64;

  @Mixin private StoredBackupOptions stored = new StoredBackupOptions();

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

  CheckCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    CheckOptions options =
        CheckOptions.DEFAULTS
            .withLevel(level())
            .within(range())
            .withParallelism(requireParallelism())
            .withSpillDirectory(spill.directory());
    BackupStore backups = stored.open();
    CheckReport report;
    try (ProgressDisplay progress = progress("check")) {
      Cloning cloning = Cloning.with(backups);
      CheckOptions listening = options.withListener(progress);
      report =
          receipts
              .open(stored.keys(), backups)
              .map(kept -> cloning.check(stored.name(), listening, kept))
              .orElseGet(() -> cloning.check(stored.name(), listening));
    }
    return new Report(lines(report), json(report, backups), problem(report));
  }

  private CheckLevel level() {
    try {
      return CheckLevel.valueOf(level.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new InvalidConfigurationException(
          "--level is none of names, hash and decode", "give one of them");
    }
  }

  private TxRange range() {
    if (fromT < 0 || (toT != null && toT < fromT)) {
      throw new InvalidConfigurationException(
          "--from-t and --to-t are out of range", "give 0 or more, --to-t not below --from-t");
    }
    return new TxRange(fromT, toT == null || toT == Long.MAX_VALUE ? Long.MAX_VALUE : toT + 1);
  }

  private int requireParallelism() {
    if (parallelism < 1 || parallelism > PARALLELISM_MAX) {
      throw new InvalidConfigurationException(
          "--parallelism is out of range: " + parallelism, "give 1 to " + PARALLELISM_MAX);
    }
    return parallelism;
  }

  private static List<String> lines(CheckReport report) {
    List<String> lines = new ArrayList<>();
    for (CheckFinding finding : report.findings()) {
      lines.add(word(finding.kind()) + ": " + finding.message());
    }
    if (report.findingCount() > report.findings().size()) {
      lines.add("and " + Words.count(report.findingCount() - report.findings().size()) + " more");
    }
    for (CheckReport.KeyLevel level : report.keyLevels()) {
      lines.add(
          level.prefix()
              + ": "
              + Words.counted(level.segmentCount(), "segment")
              + ", "
              + Words.size(level.size())
              + ", "
              + Words.count(level.coveredCount())
              + " of them covered by larger ones"
              + level.firstInUse().map(first -> "; the first in use is " + first).orElse(""));
    }
    if (report.baselineCount() > 0) {
      lines.add(Words.counted(report.baselineCount(), "baseline") + " (baseline --list)");
    }
    report
        .lastReceipt()
        .ifPresent(
            receipt ->
                lines.add(
                    "%s, the newest for t %s"
                        .formatted(Words.counted(report.receiptCount(), "receipt"), receipt.t())));
    for (String key : report.foreignKeys()) {
      lines.add("foreign, and left alone: " + key.replaceAll("\\p{Cntrl}", "?"));
    }
    if (report.foreignKeyCount() > report.foreignKeys().size()) {
      lines.add(
          "and %s more that are foreign"
              .formatted(Words.count(report.foreignKeyCount() - report.foreignKeys().size())));
    }
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

  private Map<String, Object> json(CheckReport report, BackupStore backups) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", stored.name());
    json.put("store", backups.location());
    json.put("level", word(report.level()));
    json.put("segmentCount", report.segmentCount());
    json.put("bytes", report.size());
    json.put("transactions", report.transactionCount());
    json.put("baselineCount", report.baselineCount());
    json.put("receiptCount", report.receiptCount());
    json.put("receipt", report.lastReceipt().map(ReceiptsOption::json));
    Map<String, Object> counts = new LinkedHashMap<>();
    report.findingCounts().forEach((kind, count) -> counts.put(Json.name(kind), count));
    json.put("findingCounts", counts);
    json.put("findings", report.findings().stream().map(CheckCommand::json).toList());
    json.put("foreignKeyCount", report.foreignKeyCount());
    json.put("foreignKeys", report.foreignKeys());
    json.put("keyLevels", report.keyLevels().stream().map(CheckCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(CheckFinding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", Json.name(finding.kind()));
    json.put("range", finding.range().map(Json::range));
    json.put("message", finding.message());
    return json;
  }

  private static Map<String, Object> json(CheckReport.KeyLevel level) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("prefix", level.prefix());
    json.put("segmentCount", level.segmentCount());
    json.put("coveredCount", level.coveredCount());
    json.put("bytes", level.size());
    json.put("firstInUse", level.firstInUse().map(Json::range));
    return json;
  }

  private static Optional<Problem> problem(CheckReport report) {
    return report
        .worst()
        .map(
            worst ->
                new Problem(
                    exitCode(worst),
                    "%s in %s, the worst: %s"
                        .formatted(
                            Words.counted(report.findingCount(), "finding"),
                            report.location(),
                            word(worst)),
                    hint(worst)));
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

  private static String hint(CheckFinding.Kind worst) {
    return switch (worst) {
      case CORRUPT -> "move the broken objects away, then fill the gap from the source with repair";
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
