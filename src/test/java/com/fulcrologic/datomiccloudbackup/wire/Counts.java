package com.fulcrologic.datomiccloudbackup.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was asked of the server, and what it sent. Thread-safe. */
final class Counts {
  private final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> items = new ConcurrentHashMap<>();
  private final AtomicLong bytesMax = new AtomicLong();

  void called(String operation) {
    calls.computeIfAbsent(operation, unused -> new AtomicLong()).incrementAndGet();
  }

  /** So many elements of a result were sent for the operation, also by {@code next}. */
  void sent(String operation, int itemCount) {
    items.computeIfAbsent(operation, unused -> new AtomicLong()).addAndGet(itemCount);
  }

  void replied(int byteCount) {
    bytesMax.accumulateAndGet(byteCount, Math::max);
  }

  long calls(String operation) {
    AtomicLong count = calls.get(operation);
    return count == null ? 0 : count.get();
  }

  long items(String operation) {
    AtomicLong count = items.get(operation);
    return count == null ? 0 : count.get();
  }

  /** The bytes of the largest reply. */
  long bytesMax() {
    return bytesMax.get();
  }

  void reset() {
    calls.clear();
    items.clear();
    bytesMax.set(0);
  }
}
