package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.HashMap;
import java.util.Map;

/**
 * The source ids of the entities that transactions in flight make, each with the t of its
 * transaction. Their target ids are not known yet. Mutable; not thread-safe.
 */
public final class IdsInFlight {
  public static final long NONE = -1;

  private final Map<Long, Long> makers = new HashMap<>();

  /** Notes that the transaction t makes this entity. */
  public void add(long source, long t) {
    makers.put(source, t);
  }

  public void remove(long source) {
    makers.remove(source);
  }

  /**
   * The greatest t in flight that makes an entity which this transaction mentions, or {@link
   * #NONE}.
   */
  public long latestMaker(Transaction transaction, Schema schema) {
    if (makers.isEmpty()) {
      return NONE;
    }
    long[] latest = {NONE};
    Mentions.in(
        transaction,
        schema,
        source -> latest[0] = Math.max(latest[0], makers.getOrDefault(source, NONE)));
    return latest[0];
  }
}
