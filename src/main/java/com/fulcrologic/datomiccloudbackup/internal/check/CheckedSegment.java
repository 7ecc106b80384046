package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.CheckFinding;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.Optional;

/**
 * What one segment told about itself.
 *
 * @param segment as it is listed
 * @param info its header; empty when it is not sound
 * @param transactions its transactions' t and hashes; empty when it was not decoded
 * @param finding what is wrong with it by itself
 */
record CheckedSegment(
    StoredSegment segment,
    Optional<SegmentInfo> info,
    Optional<HashedRun> transactions,
    Optional<CheckFinding> finding) {}
