package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import java.time.Duration;

/**
 * A segment that is not stored yet.
 *
 * @param duration how long it took to make it
 */
record MadeSegment(WrittenSegment written, Duration duration) {

  TxRange range() {
    return written.info().range();
  }

  /** Its bytes. */
  int size() {
    return written.bytes().length;
  }

  BackedUpSegment described() {
    SegmentInfo info = written.info();
    return new BackedUpSegment(info.range(), info.transactionCount(), info.datomCount(), size());
  }
}
