package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are the header of a segment, or are refused. */
class SegmentHeaderFuzzTest {
  private static final Forgery FORGERY = AnySegment.forgery();

  @FuzzTest
  void header(byte[] bytes) {
    FORGERY.headerBytes = bytes;
    AnySegment.read(FORGERY.bytes());
  }
}
