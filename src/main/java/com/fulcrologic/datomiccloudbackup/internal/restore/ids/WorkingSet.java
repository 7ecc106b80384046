package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.internal.log.Schema;

/**
 * The target ids of the source ids that a few transactions mention. All are looked up before the
 * first of these transactions is translated, so that an id without a target id is proved new.
 * Mutable; not thread-safe.
 */
public final class WorkingSet {
  private final IdMap idMap;
  private final Schema schema;
  private final LongMap targets = new LongMap();
  private final NewIds unknown = new NewIds();

  /**
   * @param schema the source's, as of the first of the transactions, or later
   */
  public WorkingSet(IdMap idMap, Schema schema) {
    this.idMap = idMap;
    this.schema = schema;
  }

  /** Adds an id: with its target id if the map has one, else as unknown. */
  public void add(long source) {
    if (targets.get(source) != LongMap.ABSENT || schema.builtIn(source) != null) {
      return;
    }
    long target = idMap.target(source);
    if (target == IdMap.UNKNOWN) {
      unknown.add(source);
    } else {
      targets.put(source, target);
    }
  }

  /**
   * The ids to look up in the target, in ascending order. To be called after the last {@link #add},
   * which may make the map forget other ids.
   */
  public long[] toLookUp() {
    return idMap.isComplete() ? NewIds.NONE : unknown.sorted();
  }

  public long target(long source) {
    return targets.get(source);
  }

  public void learn(long source, long target) {
    targets.put(source, target);
    idMap.learn(source, target);
  }
}
