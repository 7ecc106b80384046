package com.fulcrologic.datomiccloudbackup.internal.verify;

/**
 * Ids that follow each other, and so do what they are mapped to: {@code key + i} to {@code value +
 * i}, for each {@code i} below {@code length}.
 *
 * @param length at least 1
 */
record Run(long key, long length, long value) {

  /** The first key after it. */
  long end() {
    return key + length;
  }

  boolean contains(long id) {
    return id >= key && Long.compareUnsigned(id - key, length) < 0;
  }

  /** What a key in it is mapped to. */
  long at(long id) {
    return value + (id - key);
  }

  /** Whether {@code next} goes on where this ends, in keys and in values. */
  boolean isFollowedBy(Run next) {
    return end() == next.key && value + length == next.value;
  }

  /** Both as one; the other must follow. */
  Run with(Run next) {
    return new Run(key, length + next.length, value);
  }
}
