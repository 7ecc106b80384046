package com.fulcrologic.datomiccloudbackup.internal.stored;

/** What became of a segment that was offered to a store. Either way it is there, and durable. */
public enum SaveResult {
  /** This call published it. */
  SAVED,
  /** The same content was there already; nothing was written. */
  ALREADY_THERE
}
