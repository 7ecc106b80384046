package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.fold.SideBySide;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.verify.Findings.Place;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport.Baseline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the differences of two states, the source's at the left, by entity and attribute. Mutable;
 * one thread.
 */
final class StateDifferences implements SideBySide.Sink {
  private final long t;
  private final Place place;
  private final Sides sides;
  private final RecordedFilters filters;
  private long datomCount;
  private long withoutValueCount;
  private long mergedCount;

  // The entity and attribute that are being read.
  private long e = IdPairs.NONE;
  private long a = IdPairs.NONE;
  private long equalCount;
  private final Side missing = new Side();
  private final Side extra = new Side();
  private long mayBeKnown = IdPairs.NONE;
  private long known = IdPairs.NONE;

  StateDifferences(long sourceT, long targetT, Sides sides) {
    this.t = sourceT;
    this.place = Place.both(sourceT, targetT);
    this.sides = sides;
    this.filters = sides.filters();
  }

  /** The values that one side alone has: all are counted, and the first are kept. */
  private static final class Side {
    private final List<Datom> first = new ArrayList<>();
    private long count;

    void add(Datom datom) {
      if (count++ < VerificationReport.DIFFERENCES_TOLD_MAX) {
        first.add(datom);
      }
    }

    @Nullable Object value(long index) {
      return index < first.size() ? first.get((int) index).v() : null;
    }

    void clear() {
      first.clear();
      count = 0;
    }
  }

  @Override
  public void both(Datom left, Datom right) {
    moveTo(left);
    if (Values.canonical(left.v()).equals(Values.canonical(right.v()))) {
      equalCount++;
    } else {
      missing.add(left);
      extra.add(right);
    }
  }

  @Override
  public void onlyLeft(Datom datom) {
    moveTo(datom);
    missing.add(datom);
  }

  @Override
  public void onlyRight(Datom datom) {
    moveTo(datom);
    extra.add(datom);
  }

  private void moveTo(Datom datom) {
    if (datom.e() != e || datom.a() != a) {
      finish();
      e = datom.e();
      a = datom.a();
    }
  }

  /** Reports the differences of the entity and attribute that were read. */
  void finish() {
    if (a == StateComparison.MAY_BE_KNOWN) {
      mayBeKnown = e;
    } else if (a == StateComparison.ORIGINAL_ID) {
      reportOriginalId();
    } else if (a == StateComparison.ORIGINAL_INSTANT) {
      if (known == e || extra.count > 0) { // else nothing speaks of the transaction
        reportValues(Kind.EXTRA, Bookkeeping.ORIGINAL_INSTANT);
      }
    } else {
      datomCount += equalCount + missing.count;
      if (filters.changes(a)) {
        reportCounts();
      } else {
        reportValues(
            filters.excludes(a) ? Kind.EXCLUDED : Kind.EXTRA, sides.source().schema().identText(a));
      }
    }
    equalCount = 0;
    missing.clear();
    extra.clear();
  }

  private void reportOriginalId() {
    known = e;
    if (missing.count > 0) {
      add(Kind.NOT_MAPPED, Bookkeeping.ORIGINAL_ID);
    } else if (extra.count > 0 && mayBeKnown != e) {
      add(Kind.EXTRA, Bookkeeping.ORIGINAL_ID);
    }
  }

  private void reportValues(Kind extraKind, Object attribute) {
    for (long i = 0; i < Math.max(missing.count, extra.count); i++) {
      Kind kind =
          i >= extra.count ? Kind.MISSING : i >= missing.count ? extraKind : Kind.DIFFERENT_VALUE;
      add(kind, attribute, missing.value(i), extra.value(i));
    }
  }

  /**
   * A filter may make several values one. Only those of a composite may vanish, and one of
   * cardinality one stays one.
   */
  private void reportCounts() {
    long wanted = equalCount + missing.count;
    long there = equalCount + extra.count;
    withoutValueCount += wanted;
    mergedCount += Math.max(0, wanted - there);
    Attribute attribute = sides.source().schema().attribute(a);
    boolean isRewritten = filters.rewrites(a);
    boolean isOne = attribute != null && !attribute.many();
    long least = !isRewritten ? 0 : isOne ? wanted : Math.min(1, wanted);
    if (equalCount > 0 && filters.hides(a)) { // not masked: its value is no more to be quoted
      add(Kind.EXCLUDED, sides.source().schema().identText(a));
    } else if (there < least || there > wanted) {
      add(there < least ? Kind.MISSING : Kind.EXTRA, sides.source().schema().identText(a));
    }
  }

  /** Reports a datom of the target, in its ids, of an entity or attribute without original-id. */
  void ofUnknownEntity(Datom datom) {
    sides.target().report(Kind.EXTRA, place, datom);
  }

  Baseline baseline() {
    return new Baseline(t, datomCount, withoutValueCount, mergedCount);
  }

  private void add(Kind kind, Object attribute) {
    add(kind, attribute, null, null);
  }

  private void add(
      Kind kind, Object attribute, @Nullable Object sourceValue, @Nullable Object targetValue) {
    sides
        .findings()
        .add(kind, place, e, sides.ids().target(e), attribute, sourceValue, targetValue);
  }
}
