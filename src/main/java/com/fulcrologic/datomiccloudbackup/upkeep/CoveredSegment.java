package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.TxRange;

/**
 * A stored segment that readers do not use any more, since larger ones cover it.
 *
 * @param key where it is, below the store
 * @param range the t that it covers
 * @param size its stored bytes
 */
public record CoveredSegment(String key, TxRange range, long size) {}
