package com.fulcrologic.datomiccloudbackup;

import java.time.Instant;

/**
 * A statement on how far a backup reached, kept outside of the backup's store. Receipts of one
 * backup form a chain: each one holds the hash of the receipt before it.
 *
 * @param number its place in the chain, from 0
 * @param databaseId the id of the database, as the segments of the backup hold it
 * @param t the farthest stored t
 * @param transactionHash SHA-256, in hex, of the transaction of that t
 * @param written when the receipt was made, by the clock of the process that made it
 */
public record Receipt(
    long number, String databaseId, long t, String transactionHash, Instant written) {}
