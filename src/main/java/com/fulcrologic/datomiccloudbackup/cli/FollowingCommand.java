package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.jobs.Heartbeat;
import com.fulcrologic.datomiccloudbackup.jobs.Job;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that may continue until it is stopped; it runs a job meanwhile. */
abstract class FollowingCommand extends Command {
  private static final Duration FRESH = Duration.ofMinutes(15);

  /** SIGTERM ends the process soon, even if a call of the client or the store is not done. */
  private static final JobOptions DEFAULTS =
      JobOptions.DEFAULTS.withCloseWaitMax(Duration.ofSeconds(5));

  @Option(
      names = "--poll",
      paramLabel = "DURATION",
      description = "The wait between two polls when nothing is new; 30s if not given.")
  private @Nullable String poll;

  @Option(
      names = "--heartbeat",
      paramLabel = "URL",
      description =
          "The command calls this URL, by GET, with each poll that reaches all its systems and"
              + " stores, and finds the lag within --max-lag.")
  private @Nullable String heartbeat;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "The largest lag at which the heartbeat is still called; 15m if not given.")
  private @Nullable String maxLag;

  private final Following following;

  FollowingCommand(boolean stores, boolean restores) {
    following = new Following(this::say, this::warn, Clock.systemUTC(), stores, restores);
  }

  @Override
  final void ended() {
    following.reported();
  }

  /** Runs a job with these listeners; the report's object begins with these fields. */
  final Report follow(
      NamedBackup backup,
      List<CloningListener> listeners,
      Function<Cloning, Job> job,
      Object... namesAndValues) {
    Cloning cloning = backup.cloning().withListener(CloningListener.of(listeners));
    return following.run(job.apply(cloning), backup.json(namesAndValues));
  }

  /** The listeners of a job: the summary, and a heartbeat if one is requested. */
  final List<CloningListener> listeners(BiFunction<URI, Duration, Heartbeat> kind) {
    List<CloningListener> listeners = new ArrayList<>(List.of(following));
    heartbeat(kind).ifPresent(listeners::add);
    return listeners;
  }

  final JobOptions jobOptions() {
    return poll == null ? DEFAULTS : DEFAULTS.withPollInterval(Usage.duration("--poll", poll));
  }

  private Optional<Heartbeat> heartbeat(BiFunction<URI, Duration, Heartbeat> kind) {
    if (heartbeat == null) {
      Usage.refuseIf(
          maxLag != null,
          "--max-lag goes with --heartbeat",
          "give both, or ask for the lag with status");
      return Optional.empty();
    }
    try {
      Duration max = maxLag == null ? FRESH : Usage.duration("--max-lag", maxLag);
      return Optional.of(kind.apply(new URI(heartbeat), max));
    } catch (URISyntaxException malformed) {
      throw Usage.refusal("--heartbeat is not a URL", "write it like https://example.org/beat");
    }
  }

  final void refuseFollowing() {
    Usage.refuseIf(
        poll != null || heartbeat != null || maxLag != null,
        "--poll, --heartbeat and --max-lag go with --follow",
        "add --follow, or leave them out");
  }
}
