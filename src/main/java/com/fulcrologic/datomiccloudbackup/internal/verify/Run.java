package com.fulcrologic.datomiccloudbackup.internal.verify;

/**
 * Consecutive ids that map to consecutive ids: {@code key + i} to {@code value + i}, for each
 * {@code i} below {@code length}.
 *
 * @param length at least 1
 */
record Run(long key, long length, long value) {

  /** The first key after the run. */
  long end() {
    return key + length;
  }

  boolean contains(long id) {
    return id >= key && Long.compareUnsigned(id - key, length) < 0;
  }

  /** The value of a key in the run. */
  long at(long id) {
    return value + (id - key);
  }

  /** Whether {@code next} starts at the end of this run, in keys and in values. */
  boolean isFollowedBy(Run next) {
    return end() == next.key && value + length == next.value;
  }

  /** Joins both runs; {@code next} must follow this one. */
  Run with(Run next) {
    return new Run(key, length + next.length, value);
  }
}
