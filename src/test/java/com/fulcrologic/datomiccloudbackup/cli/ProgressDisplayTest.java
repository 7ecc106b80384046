package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is shown while a command works. */
class ProgressDisplayTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final List<String> lines = new ArrayList<>();
  private Duration now = Duration.ZERO;

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatEndsAtOnceShowsNothing() {
    for (boolean isTerminal : new boolean[] {false, true}) {
      Console console = new Console(err, err, isTerminal);
      try (ProgressDisplay display = ProgressDisplay.open("backup", console)) {
        display.progressed(progress(5, 10, 5));
      }
    }
    assertThat(printed()).isEmpty();
  }

  @Test
  void aLineIsShownOffTheTerminal() {
    try (ProgressDisplay display = ProgressDisplay.open("backup", new Console(err, err, false))) {
      display.progressed(progress(5, 10, 5));
      display.tick();
    }
    assertThat(printed()).isEqualTo("backup: 50 %, 5 of 10 t\n");
  }

  /** The terminal cuts the line at its own width: nothing wraps, and nothing is left behind. */
  @Test
  void aTerminalShowsOneLineThatNeverWrapsAndIsRemoved() {
    try (ProgressDisplay display = ProgressDisplay.open("backup", new Console(err, err, true))) {
      display.progressed(progress(5, 10, 5));
      display.tick();
      display.tick();
    }
    String shown = "\r\u001b[K\u001b[?7lbackup: 50 %, 5 of 10 t\u001b[?7h";
    assertThat(printed()).isEqualTo(shown + shown + "\r\u001b[K");
  }

  @Test
  void aResultReplacesTheStatusLine() {
    Console console = new Console(err, err, true);
    console.show("starting Datomic");
    console.out().println("done");
    console.out().println("done");
    assertThat(printed()).endsWith("starting Datomic\u001b[?7h\r\u001b[Kdone\ndone\n");
  }

  @Test
  void theTimeLeftIsShownOnceThePaceIsKnown() {
    try (ProgressDisplay display = display()) {
      display.tick(); // nothing is known
      now = Duration.ofSeconds(13); // the start of Datomic is not part of the pace
      display.progressed(progress(0, 2_000, 0));
      display.tick();
      now = now.plusSeconds(4);
      display.progressed(progress(1_000, 2_000, 800));
      display.tick(); // too early
      now = now.plusSeconds(6);
      display.tick();
      now = now.plusSeconds(10);
      display.progressed(progress(2_000, 2_000, 1_600));
      display.tick();
    }
    assertThat(lines)
        .containsExactly(
            "restore: begun 00:00 ago",
            "restore: 0 %, 0 of 2 000 t",
            "restore: 50 %, 1 000 of 2 000 t, 200 transactions/s",
            "restore: 50 %, 1 000 of 2 000 t, 80 transactions/s, 00:10 left",
            "restore: 100 %, 2 000 of 2 000 t, 80 transactions/s");
  }

  @Test
  void whatWasDoneBeforeIsNotPartOfThePace() {
    try (ProgressDisplay display = display()) {
      display.progressed(progress(9_900, 10_000, 0));
      now = Duration.ofSeconds(30);
      display.progressed(progress(9_907, 10_000, 7));
      display.tick();
    }
    assertThat(lines).containsExactly("restore: 99 %, 9 907 of 10 000 t, 0 transactions/s");
  }

  private ProgressDisplay display() {
    return new ProgressDisplay("restore", lines::add, () -> {}, () -> now.toNanos());
  }

  private static Progress progress(long done, long whole, long transactions) {
    return new Progress(new TxRange(0, whole), transactions, 0, done, whole);
  }
}
