/**
 * From segments to a connection: the replay, one class per stage, in the order in which a
 * transaction passes through them.
 *
 * <ol>
 *   <li>{@code TargetInspector} finds where the target stands ({@code TargetPosition}); {@code
 *       Claiming} recognizes it, or claims an empty one ({@code Claim}, {@code Installation});
 *   <li>{@code SegmentChooser} finds the segment that covers what follows, which {@code
 *       NextSegments} fetches ahead, {@code PointResolver} the transaction to stop at;
 *   <li>{@code Translator} turns a source transaction into tx-data under the {@code IdMap};
 *   <li>{@code AttributeFilter}, which {@code Filters} resolves, leaves out and rewrites;
 *   <li>{@code TransactionReplay} adds the bookkeeping, {@code Completion} what found no room;
 *   <li>{@code LinkedTransactor} transacts, each t once and in order, whatever happens on the way;
 *   <li>{@code IdMap} learns the new ids, and {@code IdResolver} reads back those of an earlier
 *       run.
 * </ol>
 *
 * {@code Restore} is the public door. Nothing that compares logs may enter: a proof that shares
 * code with what it proves is none.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore;

import org.jspecify.annotations.NullMarked;
