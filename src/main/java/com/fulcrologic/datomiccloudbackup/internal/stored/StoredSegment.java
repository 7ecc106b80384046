package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;

/** A stored segment, from its key and the listing; its content was not read. */
public record StoredSegment(TxRange range, long size) {}
