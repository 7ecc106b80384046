package com.fulcrologic.datomiccloudbackup.internal.segment;

import java.io.IOException;

/** Bytes that are not what the format says; never leaves this room. */
final class MalformedValueException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedValueException(String message) {
    super(message);
  }
}
