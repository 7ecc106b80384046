package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A claim: one statement in a backup about the database that it belongs to.
 *
 * @param reason why the claim was made
 * @param source the database that writes from this claim on
 * @param excisionTs the t of the excision requests that the caller accepted; empty unless the
 *     reason is {@link Reason#EXCISED}
 * @param copiedFrom the name of the backup from which this one was copied under its rules; empty
 *     for every other backup
 * @param redaction the rules by which all segments of the backup are written
 */
public record SourceClaim(
    Reason reason,
    SourceIdentity source,
    SortedSet<Long> excisionTs,
    Optional<String> copiedFrom,
    Redaction redaction) {
  public SourceClaim {
    excisionTs = Collections.unmodifiableSortedSet(new TreeSet<>(excisionTs));
  }

  public SourceClaim(Reason reason, SourceIdentity source, SortedSet<Long> excisionTs) {
    this(reason, source, excisionTs, Optional.empty(), Redaction.NONE);
  }

  public SourceClaim(Reason reason, SourceIdentity source) {
    this(reason, source, new TreeSet<>());
  }

  public SourceClaim copied(String from, Redaction rules) {
    return new SourceClaim(reason, source, excisionTs, Optional.of(from), rules);
  }

  public SourceClaim under(Redaction rules) {
    return new SourceClaim(reason, source, excisionTs, copiedFrom, rules);
  }

  public enum Reason {
    /** The backup name was free. */
    FIRST,
    /** The same database now has its first own transaction, whose hash was unknown before. */
    COMPLETED,
    /** The caller stated that it is the same database under another id, and the log agreed. */
    ADOPTED,
    /** The caller accepted that the database excised datoms of a stored transaction. */
    EXCISED
  }
}
