package com.fulcrologic.datomiccloudbackup.check;

/** The depth of a check; each level includes the ones before. */
public enum CheckLevel {
  /** Reads the listing: nothing is missing, no part of a baseline either. */
  NAMES,
  /** Reads every byte: nothing is rotten, cut short, exchanged, or of another database. */
  HASH,
  /**
   * Parses every byte: every transaction is readable, counts and hashes agree, each segment follows
   * its neighbour, and segments that overlap hold the same transactions. Each baseline equals the
   * state that is computed from the segments.
   */
  DECODE
}
