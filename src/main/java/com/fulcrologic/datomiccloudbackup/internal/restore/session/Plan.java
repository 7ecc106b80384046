package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claim;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.AttributeFilter;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;

/**
 * The plan of a session; it holds as long as the backup's newest segment stays the same.
 *
 * @param newest the header of the segment that reaches farthest
 * @param untilT the t of the point asked for; {@code Long.MAX_VALUE} for everything
 * @param isFiltered whether anything is excluded or rewritten
 */
record Plan(
    SegmentInfo newest, AttributeFilter filter, Claim claim, long untilT, boolean isFiltered) {
  /**
   * The t to end with, inclusive. A segment that is stored later may give a filtered ident to an
   * attribute that this filter misses, so a filtered plan ends with the newest segment.
   */
  long lastT() {
    return isFiltered ? Math.min(untilT, newest.lastT()) : untilT;
  }

  TxRange range() {
    return newest.range();
  }
}
