package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database is folded, loaded and proved in a heap that is far too small for it. Each night it has
 * five million datoms ({@code -Dlarge.datoms=5000000}).
 */
class LargeBaselineTest {
  private static final long DATOM_COUNT = Long.getLong("large.datoms", 40_000);
  private static final int WAIT_MAX_MINUTES = 60;

  @Test
  void loadsInBoundedMemory(@TempDir Path directory) throws Exception {
    LocalSystem system = LocalSystem.in(directory.resolve("system"));
    system.create("source");
    system.create("target");
    Path backup = directory.resolve("backup");
    Path spill = Files.createDirectory(directory.resolve("spill"));

    String sourceT =
        run(
            "-Xmx3g",
            LargeBaselineProcess.FILLED,
            system,
            LargeBaselineProcess.FILL,
            backup.toString(),
            Long.toString(DATOM_COUNT));
    run(
        "-Xmx384m",
        LargeBaselineProcess.PROVED,
        system,
        LargeBaselineProcess.RESTORE,
        backup.toString(),
        spill.toString(),
        sourceT);

    try (Stream<Path> left = Files.list(spill)) {
      assertThat(left).isEmpty();
    }
  }

  /** Runs it; returns the rest of the line that it ends with. */
  private static String run(
      String heap, String end, LocalSystem system, String what, String... arguments)
      throws Exception {
    Path output = Files.createTempFile(Path.of(arguments[0]).getParent(), what, ".txt");
    List<String> command =
        ChildJvm.command(
            List.of(heap, "-XX:TieredStopAtLevel=4"), // it runs long: both compilers
            LargeBaselineProcess.class,
            what,
            system.clientMap());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(WAIT_MAX_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end: " + what);
    }
    List<String> said = Files.readAllLines(output);
    assertThat(process.exitValue()).as(String.join("\n", said)).isZero();
    assertThat(said).last().asString().contains(end);
    String last = said.get(said.size() - 1);
    return last.substring(last.indexOf(end) + end.length());
  }
}
