package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;

/**
 * One statement of a backup's about the database that it belongs to.
 *
 * @param reason why it was made
 * @param source the database that writes from here on
 */
public record SourceClaim(Reason reason, SourceIdentity source) {

  /** Why a claim is made. */
  public enum Reason {
    /** The name was free. */
    FIRST,
    /** The same database has its first own transaction now, whose hash was not known before. */
    COMPLETED,
    /** Somebody said that it is the same database under another id, and its log agreed. */
    ADOPTED
  }
}
