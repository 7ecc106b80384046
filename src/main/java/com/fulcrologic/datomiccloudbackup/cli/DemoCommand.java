package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Shows everything at once: makes a sample database, backs it up, restores it into a second one,
 * and compares the two logs. The databases and the backup stay for the reader.
 */
@picocli.CommandLine.Command(
    name = "demo",
    description =
        "Makes a sample database in an embedded Datomic Local, backs it up,"
            + " restores it into a second one, or into Datomic Pro, and compares the two logs.")
final class DemoCommand extends Command {
  private static final String BACKUP = "shop";
  private static final String SOURCE = "shop";
  private static final String TARGET = "shop-restored";
  private static final String PRO = "{:server-type :peer :uri \"datomic:mem://%s\"}";
  private static final int SEGMENT_COUNT = 4;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The directory for all files, empty or new; a temporary one if not given.")
  private @Nullable String dir;

  @Option(
      names = "--transactions",
      paramLabel = "N",
      description = "How many transactions the sample has; 2000 when it is not given.")
  private int transactionCount = 2_000;

  @Option(
      names = "--target",
      paramLabel = "KIND",
      description =
          "Where it is restored: local, or pro for a Datomic Pro in memory, which ends with the"
              + " command; local when it is not given.")
  private Target target = Target.local;

  /** The Datomic that the sample is restored into; the names are what the user writes. */
  private enum Target {
    local,
    pro
  }

  private final Map<String, Object> json = new LinkedHashMap<>();
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private long stepNanos = System.nanoTime();

  @Override
  Report run() {
    Usage.requireBetween(
        "--transactions", transactionCount, DemoShop.TRANSACTION_COUNT_MIN, Integer.MAX_VALUE);
    Optional<DatomicClient> pro =
        target == Target.pro ? Optional.of(DatomicClient.ofEdn(PRO)) : Optional.empty();
    Place place = Place.prepare(dir);
    json.put("dir", place.directory().toString());
    json.put("target", target.name());
    say("A small shop goes into a backup, and comes back.");
    say("All files are in " + place.directory() + ", and stay there.");
    say("Datomic takes a few seconds to start.");
    say("");
    DatomicConnection source = created(DatomicClient.ofEdn(place.clientMap("source")), SOURCE);
    DatomicConnection restored =
        created(pro.orElseGet(() -> DatomicClient.ofEdn(place.clientMap("target"))), TARGET);
    step(
        "started",
        "Datomic Local, with a database to back up, and an empty one %sto restore into"
            .formatted(pro.isPresent() ? "of Datomic Pro " : ""));
    make(source);
    Cloning cloning = Cloning.with(FilesystemBackupStore.at(place.backup()));
    backUp(cloning, source);
    restore(cloning, restored);
    return compared(place, cloning, source, restored);
  }

  private static DatomicConnection created(DatomicClient client, String databaseName) {
    client.createDatabase(databaseName);
    return client.connect(databaseName);
  }

  private void make(DatomicConnection source) {
    DemoShop shop =
        watch(
            "demo: making the shop", progress -> DemoShop.open(source, transactionCount, progress));
    step(
        "made",
        "%s, dated 2021 to 2024: %s"
            .formatted(Words.counted(transactionCount, "transaction"), shop.contents()));
  }

  private void backUp(Cloning cloning, DatomicConnection source) {
    int perSegment = (int) (source.basisT() / SEGMENT_COUNT) + 1;
    BackupOptions options = BackupOptions.DEFAULTS.withTransactionCountMax(perSegment);
    BackupSummary summary =
        watch(
            "demo: backing up",
            progress -> cloning.backup(BACKUP, source, options.withListener(progress)));
    json.put("segmentCount", summary.segments().size());
    json.put("transactions", summary.transactionCount());
    json.put("datoms", summary.datomCount());
    json.put("bytes", summary.size());
    double bytesPerDatom = (double) summary.size() / summary.datomCount();
    step(
        "backed up",
        "%s in %s, %s: %s bytes per datom"
            .formatted(
                Words.counted(summary.datomCount(), "datom"),
                Words.counted(summary.segments().size(), "segment"),
                Words.size(summary.size()),
                String.format(Locale.ROOT, "%.1f", bytesPerDatom)));
  }

  private void restore(Cloning cloning, DatomicConnection target) {
    RestoreSummary summary =
        watch(
            "demo: restoring",
            progress ->
                cloning.restore(BACKUP, target, RestoreOptions.DEFAULTS.withListener(progress)));
    step(
        "restored",
        Words.counted(summary.transactionCount(), "transaction")
            + ", Datomic's own first ones among them, under ids of the target's own");
  }

  private Report compared(
      Place place, Cloning cloning, DatomicConnection source, DatomicConnection target) {
    VerificationReport result =
        watch(
            "demo: comparing",
            progress ->
                cloning.verify(source, target, VerifyOptions.DEFAULTS.withListener(progress)));
    step(
        "compared", "the two logs, datom for datom, each transaction in its order and at its time");
    VerifyReport.lines(result).forEach(line -> say("  " + line));
    json.put("steps", steps);
    json.put("verification", VerifyReport.json(result));
    DemoStory original = DemoStory.of(DemoShop.STORY_SKU, source);
    DemoStory restored = DemoStory.of(DemoShop.STORY_SKU, target);
    json.put("story", Map.of("source", original.toJson(), "target", restored.toJson()));
    say("");
    say("The price of " + DemoShop.STORY_SKU + ", as the restored database remembers it");
    original.linesBeside(restored).forEach(this::say);
    if (result.isEqual()) {
      say("");
      place.nextSteps().forEach(this::say);
    }
    return new Report(List.of(), json, VerifyReport.problem(result).map(DemoCommand::defect));
  }

  private static Problem defect(Problem difference) {
    return new Problem(
        difference.exitCode(),
        difference.message(),
        "this is a defect of this library: report it with this line");
  }

  private void step(String verb, String what) {
    long now = System.nanoTime();
    Duration duration = Duration.ofNanos(now - stepNanos);
    stepNanos = now;
    steps.add(Map.of("step", verb, "seconds", Words.seconds(duration)));
    say(String.format(Locale.ROOT, "%-10s %7s  %s", verb, Words.duration(duration), what));
  }

  /** The absolute directory of a demo, and the places of its parts. */
  record Place(Path directory) {

    /** An empty directory: the named one, or a new one among the temporary files. */
    static Place prepare(@Nullable String named) {
      try {
        if (named == null) {
          return new Place(Files.createTempDirectory("datomic-cloud-backup-demo-"));
        }
        Path directory = Path.of(named).toAbsolutePath().normalize();
        Files.createDirectories(directory);
        try (Stream<Path> content = Files.list(directory)) {
          Usage.refuseIf(
              content.findAny().isPresent(),
              "--dir is not empty: " + directory,
              "name a directory that is empty or not there yet; a demo never deletes anything");
        }
        return new Place(directory);
      } catch (IOException | InvalidPathException unusable) {
        throw new InvalidConfigurationException(
            "the demo's directory cannot be made or read",
            "name a directory that this process's user may make, with --dir",
            unusable);
      }
    }

    Path backup() {
      return directory.resolve("backup");
    }

    /** Of one of two systems of one Datomic Local: source, target. */
    String clientMap(String system) {
      return "{:server-type :datomic-local, :storage-dir %s, :system \"%s\"}"
          .formatted(Edn.write(directory.resolve("databases").toString()), system);
    }

    /** Commands to try after the demo, ready to be pasted into a shell. */
    List<String> nextSteps() {
      String self = "  " + Program.call();
      String store = " --store " + Program.quoted(StoreUris.of(backup()));
      List<String> lines = new ArrayList<>(List.of("Next steps", ""));
      if (Files.notExists(Path.of(Program.jar()))) {
        lines.add("  mvn -q -DskipTests package");
      }
      lines.addAll(
          List.of(
              self + " segments" + store + " --name " + BACKUP,
              "%s backup%s --db %s --source %s"
                  .formatted(self, store, SOURCE, Program.quoted(clientMap("source"))),
              self + " verify --restore" + store + " --name " + BACKUP,
              ("%s restore%s --name %s --create --db shop-of-2022 --to-instant 2022-12-31T23:59:59Z "
                      + "--target %s")
                  .formatted(self, store, BACKUP, Program.quoted(clientMap("target"))),
              "  rm -r " + Program.quoted(directory.toString())));
      return lines;
    }
  }
}
