/**
 * From segments to a target. One transaction passes the rooms in this order:
 *
 * <ol>
 *   <li>{@code session}: {@code Restore} chooses the next segment, {@code SegmentReplay} holds the
 *       control flow;
 *   <li>{@code target}: the claim, the position and the bookkeeping that the target records;
 *   <li>{@code ids}: the target's ids for the source's;
 *   <li>{@code translate}: from the source's datoms to tx-data, pure;
 *   <li>{@code pipeline}: transactions in flight.
 * </ol>
 *
 * Nothing that compares logs may enter: a proof that shares code with what it proves is none.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore;

import org.jspecify.annotations.NullMarked;
