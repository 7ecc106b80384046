package com.fulcrologic.datomiccloudbackup.internal.log;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
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
  private static final DaemonThreads THREADS = new DaemonThreads("ahead");

  private final Stream<Transaction> transactions;
  private final Queue<Batch> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore((int) WEIGHT_MAX); // for waiting batches, by weight
  private final Semaphore filled = new Semaphore(0); // one for each batch, and one for the end
  private @Nullable Throwable failure; // set before the end is released
  private volatile boolean closed;
  private Iterator<Transaction> current = Collections.emptyIterator(); // the reader's own

  /** Several consecutive transactions, and the part of the room that they take. */
  private record Batch(List<Transaction> transactions, int room) {}

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

  /** Throws a failure of the reading thread at the position of the transaction concerned. */
  @Override
  public boolean hasNext() {
    while (!current.hasNext()) {
      Batch batch = take();
      if (batch == null) {
        throwFailure();
        return false;
      }
      current = batch.transactions().iterator();
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
    while (take() != null) {
      // dropped, which makes room for the rest
    }
  }

  /** Waits for the next batch; null at the end, whenever it is asked for. */
  private @Nullable Batch take() {
    filled.acquireUninterruptibly();
    Batch next = waiting.poll();
    if (next == null) {
      filled.release();
    } else {
      room.release(next.room());
    }
    return next;
  }

  private void read() {
    try {
      readAll();
    } catch (Throwable thrown) { // thrown later by hasNext; Clojure throws anything
      failure = thrown;
    } finally {
      filled.release();
    }
  }

  private void readAll() {
    try (transactions) {
      List<Transaction> batch = new ArrayList<>();
      long weight = 0;
      try {
        Iterator<Transaction> source = transactions.iterator();
        while (!closed && source.hasNext()) {
          Transaction transaction = source.next();
          batch.add(transaction);
          weight += transaction.weight();
          if (weight >= BATCH_WEIGHT) {
            List<Transaction> next = new ArrayList<>(); // may fail, and the batch is put once
            put(batch, weight);
            batch = next;
            weight = 0;
          }
        }
      } finally {
        put(batch, weight); // before the stream is closed, which may take its time
      }
    }
  }

  /** Adds a batch when there is room. */
  private void put(List<Transaction> batch, long weight) {
    int needed = (int) Math.min(weight, WEIGHT_MAX);
    room.acquireUninterruptibly(needed);
    try {
      waiting.add(new Batch(batch, needed));
    } catch (Error noMemory) {
      room.release(needed);
      throw noMemory;
    }
    filled.release();
  }
}
