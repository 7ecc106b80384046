package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a command on standard error: one line that changes on a terminal, else a
 * line every few seconds. Shows nothing at all if the command takes no longer than that.
 * Thread-safe.
 */
final class ProgressDisplay implements Progress.Listener, AutoCloseable {
  private static final Duration TERMINAL_DELAY = Duration.ofSeconds(1);
  private static final Duration LINE_PERIOD = Duration.ofSeconds(5);

  /** Before this, and before 2 % is done, the pace says too little about the rest. */
  private static final Duration PACE_KNOWN_AFTER = Duration.ofSeconds(5);

  private static final int PACE_KNOWN_FROM = 50; // one part in so many

  private final String doing;
  private final Consumer<String> show;
  private final Runnable remove;
  private final LongSupplier nanoClock;
  private final ScheduledThreadPoolExecutor ticker =
      new ScheduledThreadPoolExecutor(1, new DaemonThreads("progress"));
  private final long startNanos;
  private @Nullable Progress first;
  private @Nullable Progress latest;
  private long firstNanos;

  ProgressDisplay(String doing, Consumer<String> show, Runnable remove, LongSupplier nanoClock) {
    this.doing = doing;
    this.show = show;
    this.remove = remove;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
    // Closing neither waits for a running period nor interrupts it.
    ticker.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  /** Opens a display, whose lines begin with the command's work. */
  static ProgressDisplay open(String doing, Console console) {
    Consumer<String> show =
        console.isTerminal() ? console::show : line -> console.err().println(line);
    ProgressDisplay display = new ProgressDisplay(doing, show, console::clear, System::nanoTime);
    Duration period = console.isTerminal() ? TERMINAL_DELAY : LINE_PERIOD;
    Future<?> unused =
        display.ticker.scheduleAtFixedRate(
            display::tick, period.toSeconds(), period.toSeconds(), TimeUnit.SECONDS);
    return display;
  }

  @Override
  public synchronized void progressed(Progress progress) {
    if (first == null) {
      first = progress;
      firstNanos = nanoClock.getAsLong();
    }
    latest = progress;
  }

  synchronized void tick() {
    show.accept(doing + ": " + standing());
  }

  /**
   * As in {@code 42 %, 5 040 of 12 000 t, 1 200 transactions/s, 00:06 left}. The pace is that since
   * the first report, so that neither the start nor what was done before counts.
   */
  private String standing() {
    Progress now = latest;
    Progress begin = first;
    if (now == null || begin == null || now.spanTotal() == 0) {
      return "begun " + Words.clock(since(startNanos)) + " ago";
    }
    Duration elapsed = since(firstNanos);
    long done = now.spanDone() - begin.spanDone();
    long left = now.spanTotal() - now.spanDone();
    String text =
        now.spanDone() * 100 / now.spanTotal() // rounded down: 100 means all
            + " %, "
            + Words.count(now.spanDone())
            + " of "
            + Words.count(now.spanTotal())
            + " t";
    long transactions = now.transactionsDone() - begin.transactionsDone();
    if (transactions > 0) {
      text += ", " + Words.rate(transactions, "transaction", elapsed);
    }
    boolean isPaceKnown =
        elapsed.compareTo(PACE_KNOWN_AFTER) >= 0 && done * PACE_KNOWN_FROM >= now.spanTotal();
    return isPaceKnown && left > 0
        ? "%s, %s left"
            .formatted(
                text,
                Words.clock(Duration.ofMillis((long) ((double) elapsed.toMillis() / done * left))))
        : text;
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(nanoClock.getAsLong() - nanos);
  }

  /** Ends the display, and removes its line from a terminal. */
  @Override
  public void close() {
    ticker.shutdown();
    synchronized (this) {
      remove.run();
    }
  }
}
