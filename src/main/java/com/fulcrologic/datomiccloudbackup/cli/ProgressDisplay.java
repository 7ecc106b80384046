package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a command on standard error: a bar on a terminal, else a line every few
 * seconds; nothing at all if the command takes no longer than that. Thread-safe.
 */
final class ProgressDisplay implements Progress.Listener, AutoCloseable {
  private static final Duration BAR_DELAY = Duration.ofSeconds(2);
  private static final Duration LINE_DELAY = Duration.ofSeconds(5);

  /** Shows a state of the work; called from one thread at a time. */
  interface View extends AutoCloseable {
    void show(Standing standing);

    @Override
    void close();
  }

  /**
   * The state of the work.
   *
   * @param done t covered
   * @param whole t to cover
   * @param transactionCount transactions done
   */
  record Standing(long done, long whole, long transactionCount, Duration elapsed) {

    /** Percent, rounded down, so that 100 means all. */
    long percent() {
      return whole == 0 ? 0 : done * 100 / whole;
    }

    /** The remaining time at the pace so far; null while nothing is done. */
    @Nullable Duration left() {
      return done == 0
          ? null
          : Duration.ofMillis((long) ((double) elapsed.toMillis() / done * (whole - done)));
    }
  }

  private final View view;
  private final ScheduledThreadPoolExecutor ticker;
  private final long startNanos = System.nanoTime();
  private @Nullable Progress latest;

  private ProgressDisplay(View view, ScheduledThreadPoolExecutor ticker) {
    this.view = view;
    this.ticker = ticker;
  }

  /**
   * Opens a display.
   *
   * @param doing the command's work, for the beginning of a line
   */
  static ProgressDisplay open(String doing, Console console) {
    View view =
        console.isTerminal()
            ? new ProgressBarView(doing, console)
            : new ProgressLines(doing, console);
    Duration delay = console.isTerminal() ? BAR_DELAY : LINE_DELAY;
    ScheduledThreadPoolExecutor ticker =
        new ScheduledThreadPoolExecutor(1, new DaemonThreads("progress"));
    // Closing neither waits for a running period nor interrupts it.
    ticker.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    ProgressDisplay display = new ProgressDisplay(view, ticker);
    long period = console.isTerminal() ? 1 : delay.toSeconds();
    Future<?> unused =
        ticker.scheduleAtFixedRate(display::tick, delay.toSeconds(), period, TimeUnit.SECONDS);
    return display;
  }

  @Override
  public synchronized void progressed(Progress progress) {
    latest = progress;
  }

  /** Shows the present state. */
  synchronized void tick() {
    view.show(standing(Duration.ofNanos(System.nanoTime() - startNanos)));
  }

  private Standing standing(Duration elapsed) {
    Progress progress = latest;
    return progress == null
        ? new Standing(0, 0, 0, elapsed)
        : new Standing(
            progress.spanDone(), progress.spanTotal(), progress.transactionsDone(), elapsed);
  }

  /** Ends the display, and removes a bar from the screen. */
  @Override
  public void close() {
    ticker.shutdown();
    synchronized (this) {
      view.close();
    }
  }
}
