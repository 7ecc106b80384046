package com.fulcrologic.datomiccloudbackup.internal.backup;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets the segments of several pieces, made side by side, be published in the order of the log, so
 * that a backup that ends early leaves no gap. The pieces are numbered from 0. Segments whose turn
 * has not come wait in memory, up to a bound for all pieces together. Thread-safe.
 */
final class LogOrder {
  private final long waitingSizeMax;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int turn; // guarded by the lock, as the fields below
  private int endOfTurns = Integer.MAX_VALUE;
  private long waitingSize;

  LogOrder(long waitingSizeMax) {
    this.waitingSizeMax = waitingSizeMax;
  }

  /** A segment of so many bytes waits for its turn from now on; no longer, if it is negative. */
  void waits(int size) {
    locked(() -> waitingSize += size);
  }

  /** Whether a piece may make one more segment before its turn has come. */
  boolean mayMakeAnother(int piece) {
    return locked(() -> piece != turn && piece < endOfTurns && waitingSize < waitingSizeMax);
  }

  /** Waits for the piece's turn; false when it never comes, since an earlier piece has failed. */
  boolean awaitTurn(int piece) {
    return locked(
        () -> {
          while (turn < piece && piece < endOfTurns) {
            changed.awaitUninterruptibly();
          }
          return piece < endOfTurns;
        });
  }

  /** Ends a piece whose turn it is: everything of it is published. */
  void done(int piece) {
    locked(() -> turn = piece + 1);
  }

  /** Ends a piece that failed: no later one gets its turn. */
  void failed(int piece) {
    locked(() -> endOfTurns = Math.min(endOfTurns, piece));
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }
}
