package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.RestoreSession;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Suggestions;
import com.fulcrologic.datomiccloudbackup.jobs.Heartbeat;
import com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "restore",
    description =
        "Restores everything that is not yet in the target, and ends; continues with --follow.")
final class RestoreCommand extends FollowingCommand {
  private static final String NEWEST = "newest";

  @Mixin private ClientOptions clients = new ClientOptions();
  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

  @Mixin private TargetOptions target = new TargetOptions();

  @Option(
      names = "--db",
      required = true,
      paramLabel = "NAME",
      description = "The target database: empty, or begun by a restore of this backup.")
  private String databaseName = "";

  @Option(
      names = "--to-t",
      paramLabel = "T",
      description = "Ends with the transaction of this source t.")
  private @Nullable Long toT;

  @Option(
      names = "--to-instant",
      paramLabel = "ISO",
      description = "Ends with the last transaction dated at or before, as 2026-01-31T12:00:00Z.")
  private @Nullable String toInstant;

  @Option(
      names = "--baseline",
      paramLabel = "T",
      arity = "0..1",
      fallbackValue = NEWEST,
      description =
          "Begins an empty target with the state as of this source t (or the newest, if none is"
              + " given) instead of the first transaction. The target has no history before it.")
  private @Nullable String baseline;

  @Mixin private SpillOptions spill = new SpillOptions();

  @Mixin private RestoringOptions restoring = new RestoringOptions();

  @Option(
      names = "--follow",
      description = "Continues with new segments until it is stopped (ctrl-c, SIGTERM).")
  private boolean isFollowing;

  /** Of the session, which is open before the display. */
  private volatile Progress.Listener display = Progress.IGNORED;

  RestoreCommand() {
    super(false, true);
  }

  @Override
  boolean isResumable() {
    return !isFollowing;
  }

  @Override
  Report run() {
    RestoreOptions options = withBaseline(upToPoint(restoring.options()));
    if (!isFollowing) {
      refuseFollowing();
    }
    Usage.refuseIf(
        isFollowing && isToPoint(),
        "--follow and a point to restore to are both given",
        "give one of them");
    NamedBackup backup = stored.openBackup();
    Cloning cloning = backup.cloning();
    DatomicClient client = target.client(clients);
    Optional<DatomicConnection> present = connect(client);
    if (present.isEmpty()) { // the plan may refuse, before the target is made
      plan(options, () -> cloning.restorePlan(backup.name(), options)).ifPresent(this::announce);
    }
    DatomicConnection restored = present.orElseGet(() -> created(client));
    RestoreOptions shown = options.withListener(made -> display.progressed(made));
    try (RestoreSession session = cloning.openRestore(backup.name(), restored, shown)) {
      Optional<RestorePlan> planned = plan(options, session::plan);
      if (present.isPresent()) {
        planned.ifPresent(this::announce);
      }
      planned.ifPresent(plan -> RestoreReport.lines(plan.leftOut()).forEach(this::say));
      if (isFollowing) {
        return follow(backup, restored, options);
      }
      RestoreSummary summary = watch("restore", progress -> run(session, progress));
      return new RestoreReport(backup, databaseName, planned.orElseThrow().end())
          .of(summary, restored.basisT());
    }
  }

  /**
   * The work that is left; empty when it ends at a gap, which a follower waits for. With filters
   * the gap is refused: nothing would warn of an ident that names no attribute.
   */
  private Optional<RestorePlan> plan(RestoreOptions options, Supplier<RestorePlan> plans) {
    try {
      return Optional.of(plans.get());
    } catch (SegmentGapException gap) {
      if (isFollowing && !options.isFiltering()) {
        return Optional.empty();
      }
      throw gap;
    }
  }

  private RestoreSummary run(RestoreSession session, Progress.Listener progress) {
    display = progress;
    return session.run();
  }

  private Report follow(NamedBackup backup, DatomicConnection restored, RestoreOptions options) {
    return follow(
        backup,
        listeners(Heartbeat::ofRestore),
        cloning -> new RestoreFollower(cloning, backup.name(), restored, options, jobOptions()),
        "db",
        databaseName);
  }

  private boolean isToPoint() {
    return toT != null || toInstant != null;
  }

  private void announce(RestorePlan plan) {
    for (String ident : plan.unmatchedFilters()) {
      warn(
          "no attribute has ever been named %s, so this filter means nothing%s"
              .formatted(ident, Suggestions.question(ident, plan.knownAttributes())));
    }
    if (isToPoint()) {
      say("the point to restore to: " + Words.point(plan.end()));
    }
  }

  /** The target; empty when there is no such database, and the command should create it. */
  private Optional<DatomicConnection> connect(DatomicClient client) {
    try {
      // Only a failure lists the databases that there are.
      return Optional.of(
          target.isCreating()
              ? client.connect(databaseName)
              : ClientOptions.connect(client, databaseName));
    } catch (NoSuchDatabaseException missing) {
      if (target.isCreating()) {
        return Optional.empty();
      }
      throw new NoSuchDatabaseException(
          String.valueOf(missing.getMessage()),
          missing.hint() + "; or create the database with --create",
          missing);
    }
  }

  private DatomicConnection created(DatomicClient client) {
    client.createDatabase(databaseName);
    return client.connect(databaseName);
  }

  private RestoreOptions withBaseline(RestoreOptions options) {
    return baseline == null
        ? options
        : options.fromBaseline(baselinePoint(baseline)).withSpillDirectory(spill.directory());
  }

  private static RestorePoint baselinePoint(String text) {
    if (text.equals(NEWEST)) {
      return RestorePoint.NEWEST;
    }
    try {
      return new RestorePoint.AtT(Long.parseLong(text));
    } catch (IllegalArgumentException noT) {
      throw Usage.refusal(
          "--baseline is no t", "give a t of the source, as in --baseline=1000, or none");
    }
  }

  private RestoreOptions upToPoint(RestoreOptions options) {
    Usage.refuseIf(
        toT != null && toInstant != null,
        "--to-t and --to-instant are both given",
        "give one of them");
    if (toT != null) {
      Usage.refuseIf(toT < 0, "--to-t is negative", "give a t of the source");
      return options.until(toT);
    }
    return toInstant == null ? options : options.until(instant(toInstant));
  }

  private static Instant instant(String text) {
    try {
      TemporalAccessor parsed = DateTimeFormatter.ISO_INSTANT.parse(text);
      Usage.refuseIf(
          parsed.query(DateTimeFormatter.parsedLeapSecond()),
          "--to-instant is in a leap second, which Datomic has no date for",
          "give the second before it, or the one after");
      return Instant.from(parsed);
    } catch (DateTimeParseException malformed) {
      throw Usage.refusal(
          "--to-instant is not a date with time and zone",
          "write it like 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00");
    }
  }
}
