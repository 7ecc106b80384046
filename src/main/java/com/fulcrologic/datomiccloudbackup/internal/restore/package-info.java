/**
 * From segments to a target. One transaction passes the packages in this order:
 *
 * <ol>
 *   <li>{@code session}: {@code Restore} is the entrance, {@code SegmentReplay} holds the control
 *       flow;
 *   <li>{@code target}: the claim, the position and the bookkeeping that the target records;
 *   <li>{@code ids}: the target's ids for the source's;
 *   <li>{@code lookup}: the ids and values that are read from the target;
 *   <li>{@code translate}: from the source's datoms to tx-data, pure;
 *   <li>{@code pipeline}: transactions in flight.
 * </ol>
 *
 * A restore that begins with the state as of one t, a baseline, first loads that state: {@code
 * baseline}.
 *
 * <p>Nothing that compares logs belongs here: a proof that shares code with what it proves is none.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore;

import org.jspecify.annotations.NullMarked;
