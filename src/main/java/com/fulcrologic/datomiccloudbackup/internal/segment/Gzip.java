package com.fulcrologic.datomiccloudbackup.internal.segment;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** gzip at the level that measured best; see docs/decisions/0001-segment-codec.adoc. */
final class Gzip extends GZIPOutputStream {
  static final int LEVEL = 6;

  private static final int BUFFER_SIZE = 1 << 13;

  Gzip(OutputStream out, int level) throws IOException {
    super(out, BUFFER_SIZE);
    def.setLevel(level);
  }
}
