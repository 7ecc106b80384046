package com.fulcrologic.datomiccloudbackup;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Data of one kind that a target does not get, because its Datomic cannot express it. No fact is
 * among it: only declarations, and the partitions of entities.
 *
 * @param kind the ident of a built-in that the target lacks, as in {@code :db/index}; {@code
 *     :db.alter/attribute} for alterations that a declaration alone causes; the value type of
 *     excluded attributes whose definition is left out; or {@link #PARTITION}
 * @param names the first {@value #NAME_COUNT_MAX} idents of the attributes, or of the partitions,
 *     ascending; an implicit partition is named by its number
 * @param count datoms that are left out; of partitions, the datoms of entities that get into the
 *     target's usual partition
 */
public record LeftOut(String kind, Set<String> names, long count) {
  /** The kind of partitions. */
  public static final String PARTITION = "partition";

  /** How many {@link #names} are kept. */
  public static final int NAME_COUNT_MAX = 100;

  public LeftOut {
    TreeSet<String> sorted = new TreeSet<>(names);
    while (sorted.size() > NAME_COUNT_MAX) {
      sorted.remove(sorted.last());
    }
    names = Collections.unmodifiableSet(sorted);
  }

  /**
   * Both together.
   *
   * @param other of the same kind
   */
  public LeftOut plus(LeftOut other) {
    TreeSet<String> all = new TreeSet<>(names);
    all.addAll(other.names);
    return new LeftOut(kind, all, count + other.count);
  }
}
