package com.fulcrologic.datomiccloudbackup.internal.log;

import org.jspecify.annotations.Nullable;

/**
 * The identity of the database that a log comes from.
 *
 * @param databaseId the id that the client reports; durable Datomic Local reports only the name
 * @param firstTransactionHash SHA-256, in hex, of the first transaction that is not part of the
 *     bootstrap; null while there is none
 */
public record SourceIdentity(String databaseId, @Nullable String firstTransactionHash) {
  /** Whether both can be the same database: no known property differs. */
  public boolean isCompatibleWith(SourceIdentity other) {
    return databaseId.equals(other.databaseId)
        && (firstTransactionHash == null
            || other.firstTransactionHash == null
            || firstTransactionHash.equals(other.firstTransactionHash));
  }

  /** The id, and the first digits of the hash, as messages show them. */
  @Override
  public String toString() {
    return "%s/%s"
        .formatted(
            databaseId,
            firstTransactionHash == null
                ? "no transaction yet"
                : firstTransactionHash.substring(0, 12));
  }
}
