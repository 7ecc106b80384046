package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;

/**
 * A claim: one statement in a backup about the database that it belongs to.
 *
 * @param reason why the claim was made
 * @param source the database that writes from this claim on
 */
public record SourceClaim(Reason reason, SourceIdentity source) {

  /** Why a claim is made. */
  public enum Reason {
    /** The backup name was free. */
    FIRST,
    /** The same database now has its first own transaction, whose hash was unknown before. */
    COMPLETED,
    /** The caller stated that it is the same database under another id, and the log agreed. */
    ADOPTED,
    /** The caller accepted that the database excised datoms of what was stored last. */
    EXCISED
  }
}
