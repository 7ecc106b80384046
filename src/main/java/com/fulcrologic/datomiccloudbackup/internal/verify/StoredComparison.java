package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.verify.Findings.Place;
import com.fulcrologic.datomiccloudbackup.internal.verify.TransactionFacts.Fact;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a stored log with the live log, as far as it is stored: transaction by transaction, by
 * hash. Used once; one thread.
 */
final class StoredComparison {
  private final ReadableLog source;
  private final StoredLog stored;
  private final Findings findings;
  private final SourceReading schema = new SourceReading();

  StoredComparison(ReadableLog source, StoredLog stored, VerifyOptions options) {
    this.source = source;
    this.stored = stored;
    this.findings = new Findings(source, stored, options);
  }

  VerificationReport run() {
    requireSameSource();
    try (ReadableLog.Cursor live = source.open();
        ReadableLog.Cursor copies = stored.open()) {
      Optional<Transaction> wanted = live.next();
      Optional<Transaction> found = copies.next();
      while (wanted.isPresent() || found.isPresent()) {
        if (wanted.isEmpty()) {
          wanted = live.awaitMore() ? live.next() : wanted;
          requireReached(found.orElseThrow().t(), wanted);
        }
        long wantedT = wanted.map(Transaction::t).orElse(Long.MAX_VALUE);
        long foundT = found.map(Transaction::t).orElse(Long.MAX_VALUE);
        if (wantedT == foundT) {
          compare(wanted.orElseThrow(), found.orElseThrow());
        } else if (wantedT < foundT) {
          findings.add(Kind.MISSING, Place.source(wantedT));
        } else {
          findings.add(Kind.EXTRA, Place.target(foundT));
        }
        wanted = wantedT <= foundT ? live.next() : wanted;
        found = foundT <= wantedT ? copies.next() : found;
      }
    }
    return findings.report(TargetClaim.NONE, 0);
  }

  private void requireSameSource() {
    List<SourceIdentity> owners = stored.identities();
    Optional<SourceIdentity> identity = source.identity();
    if (!owners.isEmpty()
        && identity.isPresent()
        && owners.stream().noneMatch(identity.get()::isCompatibleWith)) {
      throw new ForeignSourceException(
          "Failed to compare %s: it belongs to source %s, and this source is %s"
              .formatted(stored.description(), owners.get(owners.size() - 1), identity.get()),
          "name the source that it was made from, or another backup");
    }
  }

  /** A source is behind if it ends before a stored t and no difference was found. */
  private void requireReached(long t, Optional<Transaction> wanted) {
    if (wanted.isEmpty() && !findings.hasDifferences()) {
      throw new IncompleteBackupException(
          ("Failed to compare %s with %s: the source is behind: its log ends before t %s, which "
                  + "is stored")
              .formatted(stored.description(), source.description(), t),
          "run it again later; if the source was reset, this is not a backup of it");
    }
  }

  private void compare(Transaction wanted, Transaction found) {
    schema.read(wanted);
    String hash = TransactionHash.sha256(wanted);
    findings.add(wanted, hash);
    if (!hash.equals(TransactionHash.sha256(found))) {
      Transaction typed = TypedValues.typed(found, schema.schema());
      if (!hash.equals(TransactionHash.sha256(typed))) {
        compareDatoms(wanted, typed);
      }
    }
  }

  private void compareDatoms(Transaction wanted, Transaction found) {
    Place place = Place.both(wanted.t(), found.t());
    TransactionFacts wantedFacts = facts(wanted);
    TransactionFacts foundFacts = facts(found);
    if (wantedFacts.facts().keySet().equals(foundFacts.facts().keySet())) {
      findings.add(Kind.DIFFERENT_ORDER, place);
    } else {
      wantedFacts.compare(
          foundFacts, (kind, source, target) -> report(kind, place, source, target));
    }
  }

  private void report(Kind kind, Place place, @Nullable Datom wanted, @Nullable Datom found) {
    Datom either = wanted == null ? Objects.requireNonNull(found) : wanted;
    long source = wanted == null ? IdPairs.NONE : wanted.e();
    long target = found == null ? IdPairs.NONE : found.e();
    String attribute = schema.schema().identText(either.a());
    Object sourceValue = wanted == null ? null : wanted.v();
    Object targetValue = found == null ? null : found.v();
    findings.add(kind, place, source, target, attribute, sourceValue, targetValue);
  }

  private static TransactionFacts facts(Transaction transaction) {
    TransactionFacts facts = new TransactionFacts();
    for (Datom datom : transaction.datoms()) {
      facts.add(Fact.of(datom), datom);
    }
    return facts;
  }
}
