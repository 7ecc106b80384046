package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.verify.Fact.Slot;
import com.fulcrologic.datomiccloudbackup.internal.verify.Findings.Place;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

  private static final Date EPOCH = new Date(0);

  private final ReadableLog source;
  private final ReadableLog target;
  private final VerifyOptions options;
  private final Findings findings;
  private final ReportBuilder builder;
  private final IdPairs ids = new IdPairs();
  private final SourceReading sourceReading = new SourceReading();
  private final TargetReading targetReading;
  private final TreeSet<Long> skipped = new TreeSet<>();
  private @Nullable RecordedFilters filters;
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
    this.findings = new Findings(options.withValues());
    this.builder = new ReportBuilder(source, target, options.listener());
    this.targetReading = new TargetReading(findings, ids);
  }

  VerificationReport run() {
    try (LogCursor sources = source.open();
        LogCursor targets = target.open()) {
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
    return builder.report(findings, filters(), ids.count());
  }

  /** The next target transaction; waits for a target that lags while the source has more. */
  private Optional<Transaction> next(LogCursor targets) {
    Optional<Transaction> next = targets.next();
    boolean mayBeBehind = next.isEmpty() && wanted.isPresent() && !options.prefixOnly();
    return mayBeBehind && targets.awaitMore() ? targets.next() : next;
  }

  /** Compares the target transaction that claims to restore the source's t. */
  private void compareOrReport(long t, Transaction found, LogCursor sources) {
    skipTo(t, sources);
    if (wanted.isEmpty() && t > lastSourceT) {
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

  private void skipTo(long t, LogCursor sources) {
    while (wanted.isPresent() && wanted.get().t() < t) {
      if (wanted.get().t() >= firstT) {
        skip(wanted.get().t());
      } else if (states != null) {
        states.note(wanted.get());
      }
      wanted = advance(sources);
    }
  }

  private Optional<Transaction> advance(LogCursor sources) {
    Optional<Transaction> next = sources.next();
    next.ifPresent(sourceReading::read);
    next.ifPresent(transaction -> lastSourceT = transaction.t());
    return next;
  }

  /** A live source is behind if it ends before a restored t and no difference was found. */
  private void requireReached(long t) {
    if (wanted.isEmpty() && source.backupName().isEmpty() && findings.isEmpty()) {
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

  private void end(LogCursor sources) {
    requireOriginalIdOfLast();
    skipped.forEach(t -> findings.add(Kind.MISSING, Place.source(t)));
    boolean isComplete = wanted.isEmpty() && skipped.isEmpty();
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
            Kind.BOOKKEEPING,
            end,
            IdPairs.NONE,
            IdPairs.NONE,
            Bookkeeping.LAST_SOURCE_TRANSACTION.toString(),
            null,
            null);
      }
    }
    if (lastRestoredT >= 0 && filters == null) {
      findings.add(Kind.BOOKKEEPING, Place.target(0));
    }
  }

  /**
   * Reads the target's claim as soon as it is present, before the first restored transaction.
   *
   * @throws com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException when the
   *     claim names another log
   */
  private void readClaim(LogCursor sources) {
    if (!isClaimRead && targetReading.claim().isPresent()) {
      isClaimRead = true;
      Optional<TargetClaim> claim = targetReading.claim().flatMap(TargetClaim::read);
      claim.ifPresent(known -> known.requireOf(source, target));
      filters = claim.map(known -> RecordedFilters.of(known, source, sourceReading)).orElse(null);
      isCopy = claim.map(TargetClaim::isCopy).orElse(false);
      OptionalLong baselineT = claim.map(TargetClaim::baselineT).orElse(OptionalLong.empty());
      if (baselineT.isPresent()) {
        firstT = baselineT.getAsLong();
        states = new StateComparison(sourceReading, targetReading, ids, filters());
        targetReading.expectLoad();
        skipTo(firstT, sources);
      }
    }
  }

  private RecordedFilters filters() {
    RecordedFilters known = filters;
    return known == null ? RecordedFilters.NONE : known;
  }

  /** Compares what the two databases hold with the last transaction of the baseline. */
  private void compareStates(StateComparison comparison, Transaction original, Transaction found) {
    lastRestoredT = original.t();
    comparison.note(original);
    builder.add(
        comparison.compare(original, source, found, target, options.spillDirectory(), findings));
    targetReading.unclaimedIds().clear();
  }

  // One transaction.

  private void compare(Transaction original, Transaction found) {
    lastRestoredT = original.t();
    Place place = Place.both(original.t(), found.t());
    TransactionFacts wantedContent = new Mapping(original, found, place).content();
    TransactionFacts foundContent = contentOf(found, place);
    Mismatches.find(
        wantedContent.facts(),
        foundContent.facts(),
        (kind, source, target) -> report(kind, place, source, target));
    compareSlots(wantedContent, foundContent, place);
    compareOriginalIds(original, found, place);
    builder.add(original);
  }

  private void compareOriginalIds(Transaction original, Transaction found, Place place) {
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
    findings.add(
        kind,
        place,
        sourceId,
        ids.target(sourceId),
        Bookkeeping.ORIGINAL_ID.toString(),
        null,
        null);
  }

  private TransactionFacts contentOf(Transaction found, Place place) {
    TransactionFacts content = new TransactionFacts();
    for (Datom datom : found.datoms()) {
      if (targetReading.isOwn(datom)) {
        continue;
      }
      long attribute = sourceAttribute(datom.a());
      if (filters().excludes(attribute)) {
        findings.add(
            Kind.EXCLUDED,
            place,
            ids.source(datom.e()),
            datom.e(),
            targetReading.ident(datom.a()),
            null,
            datom.v());
        continue;
      }
      Fact fact = new Fact(datom.e(), datom.a(), Values.canonical(datom.v()), datom.added());
      if (isValueUnknown(attribute)) {
        content.addWithoutValue(fact.slot(), datom);
      } else {
        content.add(fact, datom);
      }
    }
    return content;
  }

  private long sourceAttribute(long targetAttribute) {
    Keyword builtIn = targetReading.schema().builtIn(targetAttribute);
    Attribute named = builtIn == null ? null : sourceReading.schema().attributeNamed(builtIn);
    return named == null ? ids.source(targetAttribute) : named.id();
  }

  /** Whether a filter changes the attribute's values in an unpredictable way. */
  private boolean isValueUnknown(long sourceAttribute) {
    return filters().rewrites(sourceAttribute)
        || filters().changes(sourceReading.components(sourceAttribute))
        || (filters().sparesAlterations()
            && BuiltIns.ALTER_ATTRIBUTE.equals(sourceReading.schema().builtIn(sourceAttribute)));
  }

  private void report(
      Kind kind, Place place, @Nullable Datom sourceDatom, @Nullable Datom targetDatom) {
    findings.add(
        kind,
        place,
        sourceDatom != null
            ? sourceDatom.e()
            : targetDatom == null ? IdPairs.NONE : ids.source(targetDatom.e()),
        targetDatom != null
            ? targetDatom.e()
            : sourceDatom == null ? IdPairs.NONE : ids.target(sourceDatom.e()),
        sourceDatom != null
            ? sourceReading.ident(sourceDatom.a())
            : targetDatom == null ? null : targetReading.ident(targetDatom.a()),
        sourceDatom == null ? null : sourceDatom.v(),
        targetDatom == null ? null : targetDatom.v());
  }

  private void compareSlots(TransactionFacts wanted, TransactionFacts found, Place place) {
    Set<Slot> slots = new HashSet<>(wanted.slots().keySet());
    slots.addAll(found.slots().keySet());
    for (Slot slot : slots) {
      int there = found.count(slot);
      int expected = wanted.count(slot);
      builder.addWithoutValue(expected, Math.max(0, expected - there));
      if (!wanted.allows(slot, found)) {
        findings.add(
            there > expected ? Kind.EXTRA : Kind.MISSING,
            place,
            ids.source(slot.e()),
            slot.e(),
            targetReading.ident(slot.a()),
            null,
            null);
      }
    }
  }

  /** Maps one transaction from the source's ids to the target's ids. */
  private final class Mapping {
    private final Transaction original;
    private final Transaction found;
    private final Place place;
    private final Set<Long> unmapped = new HashSet<>();
    private boolean isDated;

    Mapping(Transaction original, Transaction found, Place place) {
      this.original = original;
      this.found = found;
      this.place = place;
    }

    TransactionFacts content() {
      TransactionFacts content = new TransactionFacts();
      for (Datom datom : sourceReading.content(original, targetReading.baseSchema())) {
        if (!filters().excludes(datom.a())) {
          add(datom, content);
        }
      }
      Long txInstant = targetReading.baseSchema().id(BuiltIns.TX_INSTANT);
      if (!isDated && txInstant != null) { // the first bootstrap transactions
        Datom epoch = new Datom(found.tx(), txInstant, EPOCH, found.tx(), true);
        content.add(new Fact(found.tx(), txInstant, EPOCH, true), epoch);
      }
      return content;
    }

    private void add(Datom datom, TransactionFacts content) {
      isDated |=
          datom.e() == original.tx()
              && BuiltIns.TX_INSTANT.equals(sourceReading.schema().builtIn(datom.a()));
      if (isValueUnknown(datom.a())) {
        addWithoutValue(datom, content);
      } else {
        content.add(new Fact(id(datom.e()), id(datom.a()), value(datom), datom.added()), datom);
      }
    }

    /** The target need not contain an entity whose values were all excluded. */
    private void addWithoutValue(Datom datom, TransactionFacts content) {
      Attribute attribute = sourceReading.schema().attribute(datom.a());
      boolean isRewritten = filters().rewrites(datom.a());
      if (!isRewritten && lookUp(datom.e()) == IdPairs.NONE) {
        builder.addWithoutValue(1, 1);
        return;
      }
      long a = id(datom.a());
      content.addWithoutValue(new Slot(id(datom.e()), a, datom.added()), datom);
      if (isRewritten && attribute != null && !attribute.many()) {
        content.requireStrict(a);
      }
    }

    private Object value(Datom original) {
      Datom datom = typed(original);
      if (datom.v() instanceof Long reference && sourceReading.isRef(datom.a())) {
        return id(reference);
      }
      if (datom.v() instanceof List<?> elements) {
        List<Object> mapped = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
          Object element = elements.get(i);
          mapped.add(
              element instanceof Long reference && sourceReading.isRefElement(datom.a(), i)
                  ? Long.valueOf(id(reference))
                  : Values.canonical(element));
        }
        return mapped;
      }
      return Values.canonical(datom.v());
    }

    private Datom typed(Datom datom) {
      if (!(datom.v() instanceof Double) && !(datom.v() instanceof List<?>)) {
        return datom;
      }
      Attribute attribute = sourceReading.schema().attribute(datom.a());
      Object value = TypedValues.typed(datom.v(), attribute, sourceReading.schema());
      return new Datom(datom.e(), datom.a(), value, datom.tx(), datom.added());
    }

    private long id(long sourceId) {
      long target = lookUp(sourceId);
      targetReading.unclaimedIds().remove(sourceId);
      if (target == IdPairs.NONE && unmapped.add(sourceId)) {
        findings.add(Kind.NOT_MAPPED, place, sourceId, IdPairs.NONE, null, null, null);
      }
      return target;
    }

    private long lookUp(long sourceId) {
      if (sourceId == original.tx()) {
        return found.tx();
      }
      Keyword builtIn = sourceReading.schema().builtIn(sourceId);
      Long target = builtIn == null ? null : targetReading.baseSchema().id(builtIn);
      return target == null ? ids.target(sourceId) : target;
    }
  }
}
