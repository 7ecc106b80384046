package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.cli.ProgressDisplay.Standing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is shown while it lasts. */
class ProgressDisplayTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsOverAtOnceShowsNothing() {
    for (boolean isTerminal : new boolean[] {false, true}) {
      Console console = new Console(err, err, isTerminal);
      try (ProgressDisplay display = ProgressDisplay.open("backup", console)) {
        display.progressed(new Progress(new TxRange(0, 10), 5, 50, 5, 10));
      }
    }
    assertThat(printed()).isEmpty();
  }

  @Test
  void aLineIsShownOffTheTerminal() {
    try (ProgressDisplay display = ProgressDisplay.open("backup", new Console(err, err, false))) {
      display.progressed(new Progress(new TxRange(0, 10), 5, 50, 5, 10));
      display.tick();
    }
    assertThat(printed()).startsWith("backup: 50 %, 5 of 10 t, ").endsWith(" left\n");
  }

  @Test
  void aBarIsShownOnATerminalAndTakenAway() {
    try (ProgressDisplay display = ProgressDisplay.open("backup", new Console(err, err, true))) {
      display.progressed(new Progress(new TxRange(0, 10), 5, 50, 5, 10));
      display.tick();
    }
    assertThat(printed()).contains("backup").contains("50%").contains("\r");
  }

  @Test
  void theTimeLeftIsTakenFromThePaceSoFar() {
    assertThat(new Standing(25, 100, 10, Duration.ofSeconds(10)).left())
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(new Standing(0, 100, 0, Duration.ofSeconds(10)).left()).isNull();
    assertThat(new Standing(99_999, 100_000, 0, Duration.ofSeconds(10)).percent()).isEqualTo(99);
  }
}
