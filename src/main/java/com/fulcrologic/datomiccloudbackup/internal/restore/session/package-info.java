/**
 * A restore from segment to segment, behind the public {@code RestoreSession}. {@code Restore} is
 * the entrance; {@code SessionMemory} holds what it remembers from one segment to the next, and the
 * two rules by which it plans again, or inspects the target again. {@code Planner} (with {@code
 * PointResolver}) plans up to where to restore and chooses the next segment, {@code Holding} makes
 * sure that the target can hold it, and {@code SegmentAhead} fetches the next segment early.
 *
 * <p>{@code SegmentReplay} replays one segment, and waits for ids in flight; {@code HandfulReader}
 * gives it some transactions at a time, {@code TransactionSteps} splits a transaction that is too
 * large, {@code Tally} counts, {@code Refusals} explains what the target refused. {@code
 * OpenRestores} keeps restores between the calls of {@code restoreSegment}. {@code BaselineRestore}
 * begins with a state, and {@code LiveCopy} copies one from a live database.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import org.jspecify.annotations.NullMarked;
