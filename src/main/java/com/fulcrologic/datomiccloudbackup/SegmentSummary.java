package com.fulcrologic.datomiccloudbackup;

import java.time.Instant;
import java.util.Optional;

/**
 * A segment that is stored, as its head and the listing tell it.
 *
 * @param range what it covers: from the start that was asked for to just after its last transaction
 * @param transactionCount its transactions; at least 1
 * @param datomCount their datoms
 * @param size its stored bytes
 * @param firstInstant the date of its first dated transaction
 * @param lastInstant the date of its last dated transaction
 */
public record SegmentSummary(
    TxRange range,
    int transactionCount,
    long datomCount,
    long size,
    Optional<Instant> firstInstant,
    Optional<Instant> lastInstant) {}
