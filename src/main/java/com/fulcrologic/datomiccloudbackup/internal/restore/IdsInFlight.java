package com.fulcrologic.datomiccloudbackup.internal.restore;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The source ids of the entities that transactions in flight make, each with the t that makes it:
 * what they are in the target is not known yet. Mutable; not thread-safe.
 */
final class IdsInFlight {
  private final LongConsumer settlement;
  private final Map<Long, Long> makers = new HashMap<>();

  /**
   * @param settlement returns when the transaction of that source t is committed, and its ids are
   *     learned
   */
  IdsInFlight(LongConsumer settlement) {
    this.settlement = settlement;
  }

  /** The transaction t makes this entity. */
  void add(long source, long t) {
    makers.put(source, t);
  }

  /** It is made. */
  void remove(long source) {
    makers.remove(source);
  }

  /** Waits for an id that is in flight; whether it was. */
  boolean settle(long source) {
    Long t = makers.isEmpty() ? null : makers.get(source);
    if (t == null) {
      return false;
    }
    settlement.accept(t);
    return true;
  }
}
