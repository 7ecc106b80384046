package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final int WAIT_MAX_MINUTES = 30;

  @Test
  void loadsInBoundedMemory(@TempDir Path directory) throws Exception {
    LocalSystem system = LocalSystem.in(directory.resolve("system"));
    system.create("source");
    system.create("target");
    Path backup = directory.resolve("backup");
    Path spill = Files.createDirectory(directory.resolve("spill"));

    run("-Xmx3g", LargeBaselineProcess.FILL, system, backup, Long.toString(DATOM_COUNT));
    List<String> said =
        run("-Xmx384m", LargeBaselineProcess.RESTORE, system, backup, spill.toString());

    assertThat(said).anyMatch(line -> line.startsWith(LargeBaselineProcess.PROVED));
    try (Stream<Path> left = Files.list(spill)) {
      assertThat(left).isEmpty();
    }
  }

  private static List<String> run(
      String heap, String what, LocalSystem system, Path backup, String argument) throws Exception {
    Path output = Files.createTempFile(backup.getParent(), what, ".txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                LargeBaselineProcess.class.getName(),
                what,
                system.clientMap(),
                backup.toString(),
                argument)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(WAIT_MAX_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end: " + what);
    }
    List<String> said = new ArrayList<>(Files.readAllLines(output));
    assertThat(process.exitValue()).as(String.join("\n", said)).isZero();
    return said;
  }
}
