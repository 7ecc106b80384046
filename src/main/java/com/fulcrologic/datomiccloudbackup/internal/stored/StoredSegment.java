package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;

/**
 * A stored segment, from its key and the listing; its content was not read.
 *
 * @param range the range that it covers
 * @param size its stored bytes
 */
public record StoredSegment(TxRange range, long size) {}
