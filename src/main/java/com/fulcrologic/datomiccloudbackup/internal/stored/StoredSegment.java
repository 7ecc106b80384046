package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;

/**
 * A stored segment, as its key and the listing tell it: nothing of it was read.
 *
 * @param range the range that it covers
 * @param size its stored bytes
 */
public record StoredSegment(TxRange range, long size) {}
