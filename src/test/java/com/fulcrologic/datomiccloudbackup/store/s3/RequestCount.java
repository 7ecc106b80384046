package com.fulcrologic.datomiccloudbackup.store.s3;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests were sent, as a bill counts them, the repeated ones too. Thread-safe. */
final class RequestCount {
  private final AtomicInteger puts = new AtomicInteger();
  private final AtomicInteger gets = new AtomicInteger();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger others = new AtomicInteger();

  /** What the bill tells apart. */
  record Counts(int puts, int gets, int lists, int others) {}

  void add(String method, Map<String, ?> parameters) {
    AtomicInteger kind =
        switch (method) {
          case "PUT" -> puts;
          case "GET" -> parameters.containsKey("list-type") ? lists : gets;
          default -> others;
        };
    kind.incrementAndGet();
  }

  /** What was counted since the last time. */
  Counts take() {
    return new Counts(
        puts.getAndSet(0), gets.getAndSet(0), lists.getAndSet(0), others.getAndSet(0));
  }
}
