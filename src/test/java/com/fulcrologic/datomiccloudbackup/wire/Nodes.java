package com.fulcrologic.datomiccloudbackup.wire;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The nodes of a system, which answer in turn, and may be behind the transactor. A node that is
 * asked at a t that it has not reached answers as of that t, unless told otherwise. Thread-safe.
 */
final class Nodes {
  private final Duration[] lags;
  private final long[] lagTs;
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<String, Deque<Sample>> samples = new ConcurrentHashMap<>();
  private volatile boolean ignoresCallersT;

  private record Sample(long nanos, long basisT) {}

  Nodes(int count) {
    lags = new Duration[count];
    java.util.Arrays.fill(lags, Duration.ZERO);
    lagTs = new long[count];
  }

  /** The node is so much behind. */
  synchronized void lag(int node, Duration lag) {
    lags[node] = lag;
  }

  /** The node is so many transactions behind. */
  synchronized void lagT(int node, long count) {
    lagTs[node] = count;
  }

  /** Whether nodes answer as they are, whatever t they are asked at. */
  void ignoreCallersT(boolean ignoring) {
    ignoresCallersT = ignoring;
  }

  /** The basis that the node whose turn it is answers at. */
  synchronized long basisT(String database, long realT, long callersT) {
    long now = System.nanoTime();
    Deque<Sample> known = samples.computeIfAbsent(database, unused -> new ArrayDeque<>());
    if (known.isEmpty() || known.getLast().basisT() != realT) {
      known.add(new Sample(now, realT));
    }
    int node = Math.floorMod(turn.getAndIncrement(), lags.length);
    long since = now - lags[node].toNanos();
    long basisT = known.getFirst().basisT();
    for (Sample sample : known) {
      basisT = sample.nanos() - since <= 0 ? sample.basisT() : basisT;
    }
    basisT = Math.max(0, basisT - lagTs[node]);
    return ignoresCallersT ? basisT : Math.max(basisT, Math.min(callersT, realT));
  }
}
