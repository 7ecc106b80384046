package com.fulcrologic.datomiccloudbackup;

/**
 * A segment that is in the store now, durably.
 *
 * @param range what the segment covers: {@code [startT as asked, last t + 1)}
 * @param transactionCount its transactions; at least 1
 * @param datomCount its datoms
 * @param size its stored bytes
 */
public record BackedUpSegment(TxRange range, int transactionCount, long datomCount, long size)
    implements BackupOutcome {}
