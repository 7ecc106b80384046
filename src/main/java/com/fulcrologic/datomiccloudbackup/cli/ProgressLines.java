package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.cli.ProgressDisplay.Standing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Progress for a log file: a line each time. */
final class ProgressLines implements ProgressDisplay.View {
  private final String doing;
  private final Console console;

  ProgressLines(String doing, Console console) {
    this.doing = doing;
    this.console = console;
  }

  @Override
  public void show(Standing standing) {
    console.err().println(line(doing, standing));
  }

  /**
   * As in {@code backup: 42 %, 5 040 of 12 000 t, 1 200 transactions/s, 00:06 left}; the elapsed
   * time while nothing is done.
   */
  static String line(String doing, Standing standing) {
    @Nullable Duration left = standing.left();
    if (left == null) {
      return doing + ": begun " + Words.clock(standing.elapsed()) + " ago";
    }
    return doing
        + ": "
        + standing.percent()
        + " %, "
        + Words.count(standing.done())
        + " of "
        + Words.count(standing.whole())
        + " t, "
        + Words.rate(standing.transactionCount(), "transactions", standing.elapsed())
        + ", "
        + Words.clock(left)
        + " left";
  }

  @Override
  public void close() {
    // there is nothing on the screen to remove
  }
}
