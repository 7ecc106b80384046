package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.time.Instant;

/**
 * The manifest of a stored baseline: the state of a database as of one t. It is published after all
 * parts.
 *
 * @param source the database
 * @param t its last transaction
 * @param instant that transaction's date; the epoch for one of a bootstrap
 * @param transactionHash that transaction's hash
 * @param datomCount how many datoms the state has
 * @param partCount how many parts hold them; at least 1
 * @param partsHash SHA-256, in hex, of the SHA-256 in the last 32 bytes of each part, in ascending
 *     order of number
 */
public record StoredBaseline(
    SourceIdentity source,
    long t,
    Instant instant,
    String transactionHash,
    long datomCount,
    int partCount,
    String partsHash) {
  private static final String SHA_256 = "[0-9a-f]{64}";

  /**
   * @throws IllegalArgumentException when a number or a hash is none
   */
  public StoredBaseline {
    if (t < 0 || datomCount < 0 || partCount < 1) {
      throw new IllegalArgumentException("a number is out of range");
    }
    if (!transactionHash.matches(SHA_256) || !partsHash.matches(SHA_256)) {
      throw new IllegalArgumentException("a hash must be a SHA-256 in hex");
    }
  }
}
