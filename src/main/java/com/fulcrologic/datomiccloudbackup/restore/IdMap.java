package com.fulcrologic.datomiccloudbackup.restore;

/**
 * Which target entity stands for which source entity, as far as this restore remembers. Bounded: when
 * full, it forgets the half that was not used for longest, and from then on an id that is not here may
 * still be in the target. Not thread-safe.
 */
final class IdMap {
  /** What {@link #target} answers for an id that is not remembered. */
  static final long UNKNOWN = LongMap.ABSENT;

  /** Some 100 MB at most, both generations together. */
  static final int SIZE_MAX = 3_000_000;

  private final int generationSizeMax;
  private LongMap young = new LongMap();
  private LongMap old = new LongMap();
  private boolean complete;

  /**
   * @param complete whether the target holds no restored entity yet
   * @param sizeMax how many ids to remember at most
   */
  IdMap(boolean complete, int sizeMax) {
    this.complete = complete;
    this.generationSizeMax = Math.max(1, sizeMax / 2);
  }

  /** Whether every restored entity is in here, so that an unknown id is proved new. */
  boolean isComplete() {
    return complete;
  }

  /** The target's entity id, or {@link #UNKNOWN}. */
  long target(long source) {
    long target = young.get(source);
    if (target == LongMap.ABSENT) {
      target = old.get(source);
      if (target != LongMap.ABSENT) {
        learn(source, target);
      }
    }
    return target;
  }

  void learn(long source, long target) {
    if (young.size() >= generationSizeMax) {
      complete &= old.size() == 0;
      old = young;
      young = new LongMap();
    }
    young.put(source, target);
  }
}
