package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.cli.ProgressDisplay.Standing;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress for a terminal: a bar, which vanishes at the end. */
final class ProgressBarView implements ProgressDisplay.View {
  private static final int WIDTH = 100;

  private final String doing;
  private final Console console;
  private @Nullable ProgressBar bar;

  ProgressBarView(String doing, Console console) {
    this.doing = doing;
    this.console = console;
  }

  @Override
  public void show(Standing standing) {
    ProgressBar shown = bar;
    if (shown == null) {
      shown =
          ProgressBar.builder()
              .setTaskName(doing)
              .setInitialMax(standing.whole())
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" t", 1)
              .startsFrom(0, standing.elapsed())
              .setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH))
              .clearDisplayOnFinish()
              .build();
      bar = shown;
    }
    shown.maxHint(standing.whole());
    shown.stepTo(standing.done());
    shown.setExtraMessage(
        " " + Words.rate(standing.transactionCount(), "transactions", standing.elapsed()));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
