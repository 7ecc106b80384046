package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are the schema of a segment, or are refused. */
class SegmentSchemaFuzzTest {
  private static final Forgery FORGERY = AnySegment.forgery();

  @FuzzTest
  void schema(byte[] bytes) {
    FORGERY.schema = bytes;
    AnySegment.read(FORGERY.bytes());
  }
}
