package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.verify.Findings.Place;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares a restored log with its source's log, in lockstep. Each log is read once; memory holds
 * one transaction of each, and the id map. A target that begins with a baseline is compared by its
 * state there, and by its log from there on. Used once; one thread.
 */
final class RestoredComparison {
  /** The maximum number of skipped source transactions that may still arrive later. */
  private static final int SKIPPED_COUNT_MAX = 1_000;

  private final ReadableLog source;
  private final ReadableLog target;
  private final VerifyOptions options;
  private final Findings findings;
  private final IdPairs ids = new IdPairs();
  private final SourceReading sourceReading = new SourceReading();
  private final TargetReading targetReading;
  private Sides sides;
  private final TreeSet<Long> skipped = new TreeSet<>();
  private @Nullable StateComparison states;
  private long firstT; // the first that the target has to restore
  private boolean isClaimRead;
  private boolean isCopy; // of the state of firstT, with nothing after it
  private @Nullable Transaction withoutOriginalId;
  private Optional<Transaction> wanted = Optional.empty(); // the next source transaction
  private long lastRestoredT = -1;
  private long lastSourceT = -1;

  RestoredComparison(ReadableLog source, ReadableLog target, VerifyOptions options) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.findings = new Findings(source, target, options);
    this.targetReading = new TargetReading(findings, ids);
    this.sides = sides(RecordedFilters.NONE);
  }

  private Sides sides(RecordedFilters filters) {
    return new Sides(sourceReading, targetReading, ids, filters, findings);
  }

  VerificationReport run() {
    try (ReadableLog.Cursor sources = source.open();
        ReadableLog.Cursor targets = target.open()) {
      wanted = advance(sources);
      for (Optional<Transaction> next = next(targets); next.isPresent(); next = next(targets)) {
        OptionalLong t = targetReading.read(next.get());
        readClaim(sources);
        if (t.isPresent()) {
          requireOriginalIdOfLast();
          compareOrReport(t.getAsLong(), next.get(), sources);
        }
      }
      end(sources);
    }
    return findings.report(sides.filters().claim(), ids.count());
  }

  /** The next target transaction; waits for a target that lags while the source has more. */
  private Optional<Transaction> next(ReadableLog.Cursor targets) {
    Optional<Transaction> next = targets.next();
    boolean mayBeBehind = next.isEmpty() && wanted.isPresent() && !options.prefixOnly();
    return mayBeBehind && targets.awaitMore() ? targets.next() : next;
  }

  private void compareOrReport(long t, Transaction found, ReadableLog.Cursor sources) {
    skipTo(t, sources);
    if (wanted.isEmpty() && t > lastSourceT) {
      sources.requireWholeThrough(t);
      wanted = sources.awaitMore() ? advance(sources) : wanted;
      requireReached(t);
      skipTo(t, sources);
    }
    if (wanted.isPresent() && wanted.get().t() == t) {
      if (states != null && t == firstT) {
        compareStates(states, wanted.get(), found);
      } else {
        compare(wanted.get(), found);
      }
      wanted = isCopy ? Optional.empty() : advance(sources);
    } else {
      boolean isLate = skipped.remove(t) || t <= lastRestoredT;
      Kind kind = isLate ? Kind.DIFFERENT_ORDER : Kind.EXTRA;
      findings.add(kind, Place.both(t, found.t()));
      targetReading.unclaimedIds().clear();
    }
  }

  private void skipTo(long t, ReadableLog.Cursor sources) {
    while (wanted.isPresent() && wanted.get().t() < t) {
      if (wanted.get().t() >= firstT) {
        skip(wanted.get().t());
      } else if (states != null) {
        states.note(wanted.get());
      }
      wanted = advance(sources);
    }
  }

  private Optional<Transaction> advance(ReadableLog.Cursor sources) {
    Optional<Transaction> next = sources.next();
    next.ifPresent(sourceReading::read);
    next.ifPresent(transaction -> lastSourceT = transaction.t());
    return next;
  }

  /** A live source is behind if it ends before a restored t and no difference was found. */
  private void requireReached(long t) {
    if (wanted.isEmpty() && source.backupName().isEmpty() && !findings.hasDifferences()) {
      throw new IncompleteBackupException(
          ("Failed to compare %s with %s: the source is behind: it ends with t %s, and t %s was "
                  + "restored from it")
              .formatted(target.description(), source.description(), lastSourceT, t),
          "run it again later; if the source was reset, the target is not a restore of it");
    }
  }

  private void skip(long t) {
    skipped.add(t);
    if (skipped.size() > SKIPPED_COUNT_MAX) {
      findings.add(Kind.MISSING, Place.source(Long.valueOf(skipped.first())));
      skipped.remove(skipped.first());
    }
  }

  private void end(ReadableLog.Cursor sources) {
    requireOriginalIdOfLast();
    skipped.forEach(t -> findings.add(Kind.MISSING, Place.source(t)));
    if (lastRestoredT < 0) { // what an empty target lacks may be missing in the store, too
      sources.requireWholeThrough(Long.MAX_VALUE);
    }
    boolean isComplete = wanted.isEmpty() && skipped.isEmpty() && !sources.endsAtGap();
    if (!options.prefixOnly()) {
      for (Optional<Transaction> missing = wanted; missing.isPresent(); missing = sources.next()) {
        findings.add(Kind.MISSING, Place.source(missing.get().t()));
      }
    }
    if (isComplete) {
      Place end = Place.source(lastRestoredT);
      for (long id : targetReading.unclaimedIds()) {
        reportOriginalId(Kind.EXTRA, end, id);
      }
      boolean isMarked = targetReading.marker().equals(OptionalLong.of(lastRestoredT));
      if (!isMarked && lastRestoredT >= 0 && !options.prefixOnly()) {
        findings.add(
            Kind.BOOKKEEPING, end, IdPairs.NONE, IdPairs.NONE, Bookkeeping.LAST_SOURCE_TRANSACTION);
      }
    }
    if (lastRestoredT >= 0 && sides.filters() == RecordedFilters.NONE) {
      findings.add(Kind.BOOKKEEPING, Place.target(0));
    }
  }

  /** Reads the target's claim as soon as it is present, before the first restored transaction. */
  private void readClaim(ReadableLog.Cursor sources) {
    if (!isClaimRead && targetReading.claim().isPresent()) {
      isClaimRead = true;
      targetReading.claim().flatMap(TargetClaim::read).ifPresent(claim -> begin(claim, sources));
    }
  }

  private void begin(TargetClaim claim, ReadableLog.Cursor sources) {
    claim.requireOf(source, target);
    sides = sides(RecordedFilters.of(claim, source, sourceReading));
    isCopy = claim.isCopy();
    if (claim.baselineT().isPresent()) {
      firstT = claim.baselineT().getAsLong();
      states = new StateComparison(sides);
      targetReading.expectLoad();
      skipTo(firstT, sources);
    }
  }

  /** Compares what the two databases hold with the last transaction of the baseline. */
  private void compareStates(StateComparison comparison, Transaction original, Transaction found) {
    lastRestoredT = original.t();
    comparison.note(original);
    findings.add(comparison.compare(original, source, found, target, options.spillDirectory()));
    targetReading.unclaimedIds().clear();
  }

  private void compare(Transaction original, Transaction found) {
    lastRestoredT = original.t();
    new TransactionComparison(sides, original, found).run();
    compareOriginalIds(original, found);
    findings.add(original, TransactionHash.sha256(original));
  }

  private void compareOriginalIds(Transaction original, Transaction found) {
    Place place = Place.both(original.t(), found.t());
    targetReading.unclaimedIds().remove(original.tx());
    for (long id : targetReading.unclaimedIds()) {
      reportOriginalId(Kind.EXTRA, place, id);
    }
    targetReading.unclaimedIds().clear();
    long target = ids.target(original.tx());
    if (target == IdPairs.NONE) {
      withoutOriginalId = original; // if it had no room, the next one adds the id
    } else if (target != found.tx()) {
      reportOriginalId(Kind.DIFFERENT_VALUE, place, original.tx());
    }
  }

  private void requireOriginalIdOfLast() {
    Transaction last = withoutOriginalId;
    withoutOriginalId = null;
    if (last != null) {
      if (ids.target(last.tx()) == IdPairs.NONE) {
        reportOriginalId(Kind.NOT_MAPPED, Place.source(last.t()), last.tx());
      }
      targetReading.unclaimedIds().remove(last.tx());
    }
  }

  private void reportOriginalId(Kind kind, Place place, long sourceId) {
    findings.add(kind, place, sourceId, ids.target(sourceId), Bookkeeping.ORIGINAL_ID);
  }
}
