package com.fulcrologic.datomiccloudbackup.segment;

/**
 * A segment as it is stored.
 *
 * @param info what its header tells
 * @param bytes all of it; belongs to the holder, and is not copied
 */
public record WrittenSegment(SegmentInfo info, byte[] bytes) {}
