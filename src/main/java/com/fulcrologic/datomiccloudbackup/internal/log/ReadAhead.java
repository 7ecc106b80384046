package com.fulcrologic.datomiccloudbackup.internal.log;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next transactions of a log or segment in a separate thread, while the caller processes
 * the current ones. The thread ends with {@link #close} at the latest. For one reader thread.
 */
public final class ReadAhead implements Iterator<Transaction>, AutoCloseable {
  /** The weight limit of the transactions read ahead; a larger transaction waits alone. */
  static final long WEIGHT_MAX = 1 << 20;

  private static final long BATCH_WEIGHT = WEIGHT_MAX / 16; // waking a thread is slow
  static final DaemonThreads THREADS = new DaemonThreads("ahead");

  private final Stream<Transaction> transactions;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Batch> waiting = new ArrayDeque<>(); // this and the next 3: guarded by lock
  private long waitingWeight;
  private @Nullable Throwable failure;
  private boolean ended;
  private volatile boolean closed;
  private Iterator<Transaction> current = Collections.emptyIterator(); // the reader's own

  /**
   * Starts to read.
   *
   * @param transactions closed by this object
   */
  public ReadAhead(Stream<Transaction> transactions) {
    this.transactions = transactions;
    Thread thread = THREADS.newThread(this::read);
    try {
      thread.start();
    } catch (Error tooManyThreads) {
      transactions.close();
      throw tooManyThreads;
    }
  }

  /**
   * Several consecutive transactions.
   *
   * @param failure the failure to read the next transaction, after which reading ends; else null
   */
  private record Batch(List<Transaction> transactions, long weight, @Nullable Throwable failure) {}

  /** Throws a failure of the reading thread at the position of the transaction concerned. */
  @Override
  public boolean hasNext() {
    while (!current.hasNext()) {
      Optional<Batch> batch = take();
      if (batch.isEmpty()) {
        throwFailure();
        return false;
      }
      current = batch.get().transactions().iterator();
    }
    return true;
  }

  private void throwFailure() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    if (failure != null) {
      throw new IllegalStateException("the transactions could not be read", failure);
    }
  }

  @Override
  public Transaction next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }

  /** Ends the thread, after the few transactions that it may be reading. */
  @Override
  public void close() {
    closed = true;
    when(() -> ended, () -> true);
  }

  private void read() {
    Throwable broken = null;
    try (transactions) {
      Iterator<Transaction> source = transactions.iterator();
      Batch batch = batch(source);
      while (put(batch) && batch.failure() == null && !batch.transactions().isEmpty()) {
        batch = batch(source);
      }
      broken = batch.failure();
    } catch (Throwable thrown) { // when the stream is closed
      broken = thrown;
    } finally {
      end(broken);
    }
  }

  private Batch batch(Iterator<Transaction> source) {
    List<Transaction> batch = new ArrayList<>();
    long weight = 0;
    try {
      while (weight < BATCH_WEIGHT && !closed && source.hasNext()) {
        Transaction transaction = source.next();
        batch.add(transaction);
        weight += transaction.weight();
      }
      return new Batch(batch, weight, null);
    } catch (Throwable thrown) { // thrown later by hasNext; Clojure throws anything
      return new Batch(batch, weight, thrown);
    }
  }

  /** Adds a batch when there is room; returns whether to read more. */
  private boolean put(Batch batch) {
    return when(
        () -> closed || waitingWeight == 0 || waitingWeight + batch.weight() <= WEIGHT_MAX,
        () -> {
          waiting.add(batch);
          waitingWeight += batch.weight();
          return !closed;
        });
  }

  /** Waits for the next batch; empty at the end. */
  private Optional<Batch> take() {
    return when(
        () -> ended || !waiting.isEmpty(),
        () -> {
          Optional<Batch> next = Optional.ofNullable(waiting.poll());
          next.ifPresent(batch -> waitingWeight -= batch.weight());
          return next;
        });
  }

  private void end(@Nullable Throwable broken) {
    when(
        () -> true,
        () -> {
          failure = broken;
          ended = true;
          return true;
        });
  }

  private <T> T when(BooleanSupplier isReady, Supplier<T> change) {
    lock.lock();
    try {
      changed.signalAll(); // of what was changed without the lock
      while (!isReady.getAsBoolean()) {
        changed.awaitUninterruptibly();
      }
      return change.get();
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }
}
