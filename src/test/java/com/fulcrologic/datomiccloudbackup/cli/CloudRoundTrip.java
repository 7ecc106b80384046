package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database of a real system, backed up, checked, restored into a second database of that system,
 * and proved equal. The environment names the system, and may name the source, which is only read;
 * {@code mvn -Pcloud} runs it, and nothing else does. See docs/cloud.adoc.
 */
class CloudRoundTrip {
  private static final String CLIENT_MAP = "DATOMIC_CLIENT_MAP";
  private static final String SOURCE = "DATOMIC_SOURCE_DB";

  @TempDir private Path directory;

  @Test
  void aDatabaseIsBackedUpRestoredAndProved() {
    String clientMap = environment(CLIENT_MAP).orElseGet(() -> skip());
    String id = UUID.randomUUID().toString();
    String source = environment(SOURCE).orElseGet(() -> sample(clientMap, "backup-source-" + id));
    String target = "backup-target-" + id;
    say("source " + source + ", target " + target + ", which stays there: delete it yourself");

    String store = StoreUris.of(directory.resolve("store"));
    String[] stored = {"--store", store, "--name", "round-trip"};
    String[] sourceOptions = {"--source", clientMap, "--db", source};
    String[] targetOptions = {"--target", clientMap, "--db", target};
    run("backup", sourceOptions, stored);
    run("segments", stored);
    run("check", stored, new String[] {"--level", "decode"});
    run("restore", stored, targetOptions, new String[] {"--create"});
    CommandRun proof = run("verify", stored, targetOptions);
    run("verify", sourceOptions, stored);
    assertThat(proof.out()).isNotBlank();
    say("passed on that system");
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }

  private static String skip() {
    say("NOT RUN: " + CLIENT_MAP + " does not name a Datomic system (docs/cloud.adoc)");
    return abort(CLIENT_MAP + " is not set");
  }

  /** Where the environment names no source, one is made, and stays. */
  private static String sample(String clientMap, String name) {
    DatomicClient client = DatomicClient.ofEdn(clientMap);
    client.createDatabase(name);
    SampleWorld.fill(client.connect(name));
    return name;
  }

  private static CommandRun run(String command, String[]... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    for (String[] some : arguments) {
      all.addAll(List.of(some));
    }
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    say(command + " ended with " + run.exitCode() + "\n" + run.out().indent(2));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static void say(String line) {
    System.out.println("round trip on a real system: " + line);
  }
}
