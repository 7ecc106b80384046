/**
 * The segment format: a contiguous run of a log's transactions as bytes, and back. {@code
 * docs/format.adoc} describes it for those who have only the bytes.
 *
 * <p>The doors are {@link com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter} and
 * {@link com.fulcrologic.datomiccloudbackup.internal.segment.Segment}. Nothing that knows where
 * segments are kept, or what is done with their transactions, may enter.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.segment;

import org.jspecify.annotations.NullMarked;
