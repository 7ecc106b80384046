package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output that takes nothing, and a locale that knows ASCII alone. */
class OutputTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "backup --help",
        "segments --name x --store file:%s/empty",
        "segments --json --name x --store file:%s/empty",
        "gaps --json --name x --store file:%s/empty"
      })
  void outputThatIsLostIsAFailure(String line) {
    String[] args = line.formatted(directory).split(" ", -1);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream full = new PrintStream(new FullOutput(), true, StandardCharsets.UTF_8);
    int exitCode = Main.run(args, full, new PrintStream(err, true, StandardCharsets.UTF_8));
    CommandRun whole = CommandRun.of(args);
    if (!whole.out().isEmpty()) {
      assertThat(exitCode).isEqualTo(whole.exitCode() == 0 ? 1 : whole.exitCode());
      assertThat(err.toString(StandardCharsets.UTF_8)).contains("error: the output could not be");
    }
    assertThat(exitCode).isNotZero();
  }

  private static final class FullOutput extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  @Test
  void anArgumentThatArrivedBrokenIsRefused() {
    CommandRun run =
        CommandRun.of("segments", "--store", "file:" + directory, "--name", "b\uFFFDro");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("LC_ALL=C.UTF-8");
  }

  /** As cron starts it; the shell makes the bytes, whatever this process's locale is. */
  @Test
  void underTheLocaleOfCronNoNameIsBroken() throws Exception {
    String main =
        System.getProperty("java.home")
            + "/bin/java -XX:TieredStopAtLevel=1 -cp '"
            + System.getProperty("java.class.path")
            + "' "
            + Main.class.getName();
    String store = "file:" + directory.resolve("store");
    String name = "\"$(printf 'b\\303\\274ro')\"";
    assertThat(shell(main + " segments --store " + store + " --name " + name))
        .startsWith("exit 2\n")
        .contains("LC_ALL=C.UTF-8");
    assertThat(directory.resolve("store")).doesNotExist();
  }

  private String shell(String command) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command + "; code=$?; echo; echo \"exit $code\"")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    return Stream.concat(Stream.of(lines.get(lines.size() - 1)), lines.stream())
        .reduce("", (one, other) -> one + (one.isEmpty() ? "" : "\n") + other);
  }
}
