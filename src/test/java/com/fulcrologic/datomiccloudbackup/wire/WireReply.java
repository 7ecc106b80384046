package com.fulcrologic.datomiccloudbackup.wire;

import java.nio.charset.StandardCharsets;

/**
 * An answer of HTTP, and what becomes of it on its way.
 *
 * @param fate how much of it arrives
 */
@SuppressWarnings("ArrayRecordComponent") // written once, by one thread
record WireReply(int status, String contentType, byte[] body, Fate fate) {

  /** What becomes of an answer. */
  enum Fate {
    /** It arrives. */
    WHOLE,
    /** The connection is reset in the middle of the body. */
    CUT,
    /** The connection is reset instead. */
    RESET,
    /** Nothing is ever sent, and the connection stays open. */
    SILENCE
  }

  static WireReply text(int status, String text) {
    return new WireReply(status, "text/plain", text.getBytes(StandardCharsets.UTF_8), Fate.WHOLE);
  }

  WireReply suffering(Fate newFate) {
    return new WireReply(status, contentType, body, newFate);
  }
}
