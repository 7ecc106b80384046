package com.fulcrologic.datomiccloudbackup.internal.stored;

/** The result of saving a segment. The segment is stored and durable in both cases. */
public enum SaveResult {
  /** This call published it. */
  SAVED,
  /** The same content was already stored; nothing was written. */
  ALREADY_THERE
}
