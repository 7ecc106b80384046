package com.fulcrologic.datomiccloudbackup.internal.backup;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SchemaReading;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim.Reason;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourcePast;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one database write under a backup's name: the one that claimed it, while its past agrees
 * with the stored one. Remembers nothing. Thread-safe.
 */
final class SourceGuard {
  private static final Logger LOG = LoggerFactory.getLogger(SourceGuard.class);

  /** How often claims may change during one call: a name is claimed, completed and adopted once. */
  private static final int ATTEMPT_COUNT_MAX = 8;

  /** Excision requests in one claim, which is small. */
  private static final int EXCISION_COUNT_MAX = 1_000;

  private final StoredBackup backup;
  private final SourceLog source;
  private final BackupOptions options;
  private final SourcePast past;

  SourceGuard(StoredBackup backup, SourceLog source, BackupOptions options) {
    this.backup = backup;
    this.source = source;
    this.options = options;
    this.past = new SourcePast(backup, source.connection(), "back up into " + backup.location());
  }

  /**
   * The admission of a source that may write.
   *
   * @param identity the source's identity as segments state it
   * @param newest the header of the segment that reaches farthest; empty when none is stored
   * @param basisT the source's basis, not before anything that is stored
   */
  record Admission(
      SourceIdentity identity, Redaction redaction, Optional<SegmentInfo> newest, long basisT) {}

  /** Makes sure that the backup's name is this source's, claiming it where it is free. */
  Admission admit() {
    Optional<Transaction> first = source.firstTransaction();
    for (int attempt = 0; attempt < ATTEMPT_COUNT_MAX; attempt++) {
      Ownership ownership = backup.ownership();
      Optional<SegmentInfo> newest = backup.newest().map(StoredSegment::range).map(backup::info);
      Optional<SourceIdentity> owner =
          ownership.isClaimed() ? ownership.current() : newest.map(SegmentInfo::source);
      SourceIdentity identity = identity(first, owner);
      owner.ifPresent(known -> requireOwner(known, identity, newest.isPresent()));
      if (ownership.isClaimed()) {
        requireSameRules(ownership.redaction());
      }
      if (newest.isPresent()) {
        ownership.requireOwnRules(newest.get(), "back up into " + backup.location());
        ownership = acceptExcision(newest.get().lastT(), identity, ownership);
      }
      long basisT = newest.isPresent() ? requireSamePast(newest.get(), ownership) : source.basisT();
      owner.ifPresent(known -> requireNotReset(known, identity));
      Optional<SourceClaim> claim = claim(ownership, newest, identity);
      if (claim.isEmpty()) {
        return new Admission(
            ownership.origin().orElseThrow(), ownership.redaction(), newest, basisT);
      }
      // It was added, or another process was faster: the store names the owner now.
      add(ownership, ownership.isClaimed() ? claim.get() : underRules(claim.get(), newest));
    }
    throw new StoreException(
        "Failed to claim " + backup.location() + ": others keep claiming it",
        "let one backup at a time adopt it");
  }

  /** The source's identity: the owner's, if its first transaction lost datoms by an excision. */
  private SourceIdentity identity(Optional<Transaction> first, Optional<SourceIdentity> owner) {
    SourceIdentity identity = source.identity(first);
    if (first.isEmpty()
        || owner.isEmpty()
        || owner.get().isCompatibleWith(identity)
        || !owner.get().databaseId().equals(identity.databaseId())) {
      return identity;
    }
    long t = first.get().t();
    if (past.excisionTs(t).isEmpty()) {
      return identity;
    }
    Ownership accepted = acceptExcision(t, owner.get(), backup.ownership());
    past.excisionTs(t).ifPresent(excisionTs -> past.requireAccepted(t, excisionTs));
    return accepted.current().orElse(owner.get());
  }

  /** The claims, with one that accepts the excisions of this transaction, if they are adopted. */
  private Ownership acceptExcision(long t, SourceIdentity identity, Ownership ownership) {
    Optional<SortedSet<Long>> excisionTs =
        options.adoptingExcision() ? past.excisionTs(t) : Optional.empty();
    if (excisionTs.isEmpty() || excisionTs.get().isEmpty()) {
      return ownership;
    }
    if (excisionTs.get().size() > EXCISION_COUNT_MAX) {
      throw new ForkedHistoryException(
          "Failed to adopt the excisions of t %s into %s: more than %s requests explain them"
              .formatted(t, backup.location(), EXCISION_COUNT_MAX),
          "back it up under another name");
    }
    add(ownership, new SourceClaim(Reason.EXCISED, identity, excisionTs.get()));
    return backup.ownership();
  }

  /** The first claim records what the backup leaves out, for ever. */
  private SourceClaim underRules(SourceClaim claim, Optional<SegmentInfo> newest) {
    Set<String> excluded = options.excludedAttributes();
    if (excluded.isEmpty()) {
      return claim;
    }
    if (newest.isPresent()) {
      requireSameRules(Redaction.NONE);
    }
    long basisT = source.basisT();
    Schema schema = SchemaReading.schemaAfter(basisT, source.connection());
    Set<Long> everUnique = SchemaReading.everUnique(basisT, source.connection());
    return claim.under(Redaction.leavingOut(excluded, schema, everUnique));
  }

  private void requireSameRules(Redaction recorded) {
    Set<Keyword> excluded =
        options.excludedAttributes().stream().map(Edn::keyword).collect(Collectors.toSet());
    if (!excluded.isEmpty() && !excluded.equals(recorded.leftOutIdents())) {
      throw new InvalidConfigurationException(
          "Failed to back up into "
              + backup.location()
              + ": it leaves out "
              + (recorded.leftOutIdents().isEmpty()
                  ? "no attribute"
                  : new TreeSet<>(recorded.leftOutIdents()))
              + ", and this backup is to leave out "
              + new TreeSet<>(excluded),
          "name the same attributes, or none; to leave out others, copy the backup with"
              + " copy-backup, or back up under another name");
    }
  }

  private void add(Ownership ownership, SourceClaim claim) {
    if (ownership.add(claim)) {
      LOG.info(
          "claimed backup={} reason={} source={}", backup.name(), claim.reason(), claim.source());
    }
  }

  private static Optional<SourceClaim> claim(
      Ownership ownership, Optional<SegmentInfo> newest, SourceIdentity identity) {
    if (!ownership.isClaimed()) {
      // Segments without a claim were copied without it: their writer owns the name.
      return Optional.of(
          new SourceClaim(Reason.FIRST, newest.map(SegmentInfo::source).orElse(identity)));
    }
    SourceIdentity current = ownership.current().orElseThrow();
    if (!current.databaseId().equals(identity.databaseId())) {
      return Optional.of(new SourceClaim(Reason.ADOPTED, identity));
    }
    return current.firstTransactionHash() == null && identity.firstTransactionHash() != null
        ? Optional.of(new SourceClaim(Reason.COMPLETED, identity))
        : Optional.empty();
  }

  private void requireOwner(SourceIdentity owner, SourceIdentity identity, boolean isStored) {
    if (owner.isCompatibleWith(identity)) {
      return;
    }
    String known = owner.firstTransactionHash();
    boolean isSameLog = known != null && known.equals(identity.firstTransactionHash());
    if (!options.adopting()) {
      throw foreign(
          owner,
          identity,
          isSameLog
              ? "if it is the same database under a new id, adopt it; else choose"
                  + " another backup name"
              : "choose another backup name for this source");
    }
    if (!isStored || known == null) {
      throw foreign(
          owner,
          identity,
          "nothing is stored by which it could be adopted: choose another backup name");
    }
    if (!isSameLog) {
      throw new ForkedHistoryException(
          ("Failed to back up into %s: the source has another past: its first transaction has "
                  + "the hash %s, and the one of %s has %s")
              .formatted(backup.location(), identity.firstTransactionHash(), owner, known),
          "it is not adopted: back it up under another name");
    }
  }

  private BackupException foreign(SourceIdentity owner, SourceIdentity identity, String hint) {
    return new ForeignSourceException(
        "Failed to back up into %s: it belongs to source %s, and this source is %s"
            .formatted(backup.location(), owner, identity),
        hint);
  }

  /** The source's basis. */
  private long requireSamePast(SegmentInfo stored, Ownership ownership) {
    SourceIdentity origin = ownership.origin().orElse(stored.source());
    if (!origin.isCompatibleWith(stored.source())) {
      throw foreign(
          origin,
          stored.source(),
          "segments of another database were put there: find out how, with check");
    }
    return past.requireThrough(stored);
  }

  /** A node that is far behind, or a source that was reset; nothing shows which. */
  private void requireNotReset(SourceIdentity owner, SourceIdentity identity) {
    if (owner.firstTransactionHash() != null && identity.firstTransactionHash() == null) {
      throw past.behind("it has no transaction of its own yet, and " + owner + " has");
    }
  }
}
