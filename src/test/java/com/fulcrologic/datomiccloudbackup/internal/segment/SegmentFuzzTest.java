package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are a segment, also with the hashes that an attacker computes, or are refused. */
class SegmentFuzzTest {
  @FuzzTest
  void segment(byte[] bytes) {
    AnySegment.read(bytes);
    AnySegment.read(AnySegment.withHashes(bytes));
  }
}
