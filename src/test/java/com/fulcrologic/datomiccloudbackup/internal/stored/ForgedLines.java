package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small objects of lines, with a hash that an attacker computes. */
final class ForgedLines {
  private ForgedLines() {}

  /** The bytes, and the same with the right hash in the last line. */
  static List<byte[]> of(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String content = text.substring(0, text.lastIndexOf("\nsha-256 ") + 1);
    String hash = Sha256.hex(content.getBytes(StandardCharsets.UTF_8));
    return List.of(bytes, (content + "sha-256 " + hash + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
