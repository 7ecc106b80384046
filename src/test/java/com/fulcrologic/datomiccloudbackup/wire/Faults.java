package com.fulcrologic.datomiccloudbackup.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Which request suffers which fault: rules by operation and number, from 1. Thread-safe. */
final class Faults {
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Map<Rule, AtomicInteger> struck = new ConcurrentHashMap<>();

  /** What happens to the nth request of an operation since the rule was made; null is nothing. */
  record Rule(String operation, IntFunction<@Nullable Fault> plan, AtomicInteger count) {}

  /** The nth request of the operation from now on, counted from 1. */
  Rule at(String operation, int nth, Fault fault) {
    return when(operation, n -> n == nth ? fault : null);
  }

  /** Every nth request of the operation. */
  Rule every(String operation, int nth, Fault fault) {
    return when(operation, n -> n % nth == 0 ? fault : null);
  }

  /**
   * As a plan says.
   *
   * @param operation its name; {@code *} for any
   */
  Rule when(String operation, IntFunction<@Nullable Fault> plan) {
    Rule rule = new Rule(operation, plan, new AtomicInteger());
    rules.add(rule);
    struck.put(rule, new AtomicInteger());
    return rule;
  }

  /** How many requests a rule has struck: a fault that never came proves nothing. */
  int struck(Rule rule) {
    AtomicInteger count = struck.get(rule);
    return count == null ? 0 : count.get();
  }

  void clear() {
    rules.clear();
  }

  Optional<Fault> next(String operation) {
    Optional<Fault> found = Optional.empty();
    for (Rule rule : rules) {
      if (rule.operation().equals(operation) || rule.operation().equals("*")) {
        Fault fault = rule.plan().apply(rule.count().incrementAndGet());
        if (fault != null && found.isEmpty()) {
          struck.computeIfAbsent(rule, unused -> new AtomicInteger()).incrementAndGet();
          found = Optional.of(fault);
        }
      }
    }
    return found;
  }
}
