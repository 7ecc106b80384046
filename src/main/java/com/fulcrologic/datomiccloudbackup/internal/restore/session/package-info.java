/**
 * A restore from segment to segment. {@code Restore} is the entrance; {@code SessionMemory} holds
 * what it remembers, and the two rules by which it forgets. {@code Planner} (with {@code
 * PointResolver}) plans up to where to restore, {@code SegmentChooser} chooses the next segment,
 * and {@code SegmentAhead} fetches it early. {@code SegmentReplay} replays one segment, {@code
 * TransactionSteps} splits a transaction that is too large, {@code Tally} counts.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import org.jspecify.annotations.NullMarked;
