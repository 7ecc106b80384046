package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The header of a segment. Immutable.
 *
 * @param formatVersion the version of the format that it is written in
 * @param source the database that its transactions come from
 * @param range the t that it covers: from the requested start to just after its last transaction;
 *     covers t that do not exist, too
 * @param previousT the t that precedes {@code firstT} in the log; empty at the log's beginning
 * @param firstT the t of its first transaction
 * @param lastT the t of its last transaction
 * @param transactionCount how many transactions it holds; at least 1
 * @param datomCount how many datoms they hold
 * @param firstInstant the {@code :db/txInstant} of the first transaction that has one; the first
 *     bootstrap transactions have none
 * @param lastInstant the {@code :db/txInstant} of the last transaction that has one
 * @param contentSize the bytes that its transactions take before compression
 * @param contentHash SHA-256, in hex, of these bytes: equal for equal transactions, whatever the
 *     compressor
 * @param lastTransactionHash the {@link TransactionHash} of its last transaction, by which a source
 *     with another past is recognized
 * @param builtInsUsed the idents, as in {@code :db/doc}, of the built-ins that its transactions
 *     use, as an attribute, a reference or a reference in a tuple, other than to define a built-in
 * @param prefixStored whether every transaction before {@code range} was stored when this segment
 *     was published; false if its writer did not know
 * @param redactedBy the ids of the rules by which datoms were left out; empty for none
 */
public record SegmentInfo(
    int formatVersion,
    SourceIdentity source,
    TxRange range,
    OptionalLong previousT,
    long firstT,
    long lastT,
    int transactionCount,
    long datomCount,
    Optional<Instant> firstInstant,
    Optional<Instant> lastInstant,
    long contentSize,
    String contentHash,
    String lastTransactionHash,
    Set<String> builtInsUsed,
    boolean prefixStored,
    Set<String> redactedBy) {
  private static final String SHA_256 = "[0-9a-f]{64}";

  public SegmentInfo {
    builtInsUsed = Set.copyOf(builtInsUsed);
    redactedBy = Set.copyOf(redactedBy);
    require(transactionCount >= 1, "transactionCount must be at least 1");
    require(datomCount >= 0, "datomCount must not be negative");
    require(contentSize >= 1, "contentSize must be at least 1");
    require(firstT <= lastT, "firstT must not be after lastT");
    require((firstT == lastT) == (transactionCount == 1), "one transaction has one t");
    require(
        range.startT() <= firstT && range.endT() == lastT + 1,
        "the range must begin no later than the first transaction and end after the last");
    require(
        previousT.isEmpty()
            || (previousT.getAsLong() >= 0 && previousT.getAsLong() < range.startT()),
        "previousT must be before the range");
    require(contentHash.matches(SHA_256), "contentHash must be a SHA-256 in hex");
    require(lastTransactionHash.matches(SHA_256), "lastTransactionHash must be a SHA-256 in hex");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** For callers of the library. */
  public BackedUpSegment described(long size) {
    return new BackedUpSegment(
        range, transactionCount, datomCount, size, firstInstant, lastInstant);
  }
}
