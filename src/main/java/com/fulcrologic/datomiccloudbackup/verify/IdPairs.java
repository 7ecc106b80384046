package com.fulcrologic.datomiccloudbackup.verify;

/**
 * Which target entity a source entity has become, and back, as the target's original-ids tell.
 * Grows with the number of entities: 48 to 96 bytes for each, twice that for a moment when it
 * grows. Mutable; one thread.
 */
final class IdPairs {
  static final long NONE = LongTable.NONE;

  private final LongTable targets = new LongTable();
  private final LongTable sources = new LongTable();

  /** Adds a pair; false, and nothing added, when one of the two has its counterpart already. */
  boolean add(long source, long target) {
    if (source == NONE
        || target == NONE
        || targets.get(source) != NONE
        || sources.get(target) != NONE) {
      return false;
    }
    targets.put(source, target);
    sources.put(target, source);
    return true;
  }

  long target(long source) {
    return targets.get(source);
  }

  long source(long target) {
    return sources.get(target);
  }
}
