package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lag, gaps, and the exit codes of both. */
class StatusCommandTest {
  @TempDir private static Path directory;

  @Test
  void tellsHowFarBackupAndTargetAreBehind() {
    LocalSystem system = LocalSystem.in(directory.resolve("databases"));
    DatomicConnection source = system.database("world");
    SampleWorld.fill(source);
    String map = system.clientMap();
    String store = StoreUris.of(directory.resolve("store"));
    String[] status = {"status", "--source", map, "--db", "world", "--store", store};
    failing(10, status);
    succeeding("backup", "--source", map, "--db", "world", "--store", store);
    long t = source.basisT();

    assertThat(succeeding(with(status, "--max-lag", "1ms")).out())
        .contains("nothing is missing", "backup world in");
    system.database("target");
    String[] target = with(status, "--target", map, "--target-db", "target");
    Map<String, Object> json = succeeding(with(target, "--json")).json();
    assertThat(json).containsEntry("lagT", 0L).containsEntry("gaps", List.of());
    assertThat(CommandRun.object(json.get("stored"))).containsEntry("t", t);
    assertThat(CommandRun.object(json.get("source"))).containsEntry("t", t);
    assertThat(CommandRun.object(json.get("target")))
        .containsEntry("restored", null)
        .containsEntry("lagT", t + 1);

    CommandRun stale = CommandRun.of(with(target, "--max-lag", "2h", "--json"));
    assertThat(stale.exitCode()).isEqualTo(27);
    assertThat(stale.error()).containsEntry("code", 27L);
    assertThat(stale.err()).contains("error: the target is", "hint: ");
    assertThat(stale.json()).containsEntry("maxLagSeconds", 7200.0);

    succeeding("restore", "--store", store, "--name", "world", "--target", map, "--db", "target");
    assertThat(succeeding(with(target, "--max-lag", "PT2H")).out()).contains("restored: t " + t);

    failing(2, with(status, "--max-lag", "soon"));
    failing(2, with(status, "--target", map));
  }

  /** Incomplete, whatever the lag; the next backup makes it whole. */
  @Test
  void aGapIsIncompleteAndFilledByTheNextBackup() {
    LocalSystem system = LocalSystem.in(directory.resolve("gap-databases"));
    SampleWorld.fill(system.database("world"));
    String store = StoreUris.of(directory.resolve("gap-store"));
    String[] at = {"--source", system.clientMap(), "--db", "world", "--store", store};
    succeeding(with(with(new String[] {"backup"}, at), "--range", "[0, 10)"));
    succeeding(with(with(new String[] {"backup"}, at), "--range", "[20, 25)"));

    String[] status = with(new String[] {"status"}, at);
    CommandRun incomplete = CommandRun.of(with(status, "--json"));
    assertThat(incomplete.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(incomplete.err())
        .contains("error: backup world is incomplete: it lacks t 10 to 19")
        .contains("hint: run backup");
    CommandRun stale = CommandRun.of(with(status, "--max-lag", "1ms"));
    assertThat(stale.exitCode()).isEqualTo(ExitCode.STALE);
    assertThat(stale.err()).contains("it lacks t 10 to 19");

    assertThat(succeeding(with(new String[] {"backup"}, at)).out())
        .contains("now holds everything up to t");
    succeeding(status);
  }

  @ParameterizedTest
  @CsvSource({"15m,PT15M", "2h,PT2H", "30s,PT30S", "1d,PT24H", "500ms,PT0.5S", "PT15M,PT15M"})
  void durationsAreRead(String text, Duration duration) {
    assertThat(Usage.duration("--max-lag", text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "0s", "-5m", "m", "PT-5M", "1000000000000d", "15 m"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Usage.duration("--max-lag", text))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("--max-lag");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }
}
