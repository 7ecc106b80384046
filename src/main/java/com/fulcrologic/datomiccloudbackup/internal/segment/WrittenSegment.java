package com.fulcrologic.datomiccloudbackup.internal.segment;

/**
 * A segment as it is stored. Compare the infos: records hold arrays by identity.
 *
 * @param info its header
 * @param bytes all of it; belongs to the holder, and is not copied
 */
@SuppressWarnings("ArrayRecordComponent") // to copy megabytes for each look would not do
public record WrittenSegment(SegmentInfo info, byte[] bytes) {}
