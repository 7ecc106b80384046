package com.fulcrologic.datomiccloudbackup.wire;

import java.util.Map;

/**
 * A request of HTTP.
 *
 * @param headers by name in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // read once, by one thread
record WireRequest(String method, String path, Map<String, String> headers, byte[] body) {

  /** The operation's name, as in {@code tx-range} or {@code create-db}. */
  String operation() {
    String qualified = headers.getOrDefault("x-nano-op", "");
    return qualified.substring(qualified.lastIndexOf('/') + 1);
  }
}
