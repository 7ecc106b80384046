package com.fulcrologic.datomiccloudbackup.internal.restore;

import clojure.lang.BigInt;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Of rewritten attributes of cardinality many: how many of an entity's present values have become
 * one. The target holds the one as long as any of them is there. Counted from the stored log, since
 * the target does not tell; so a restore that resumes reads the log before it once more, up to
 * where it stands. Mutable; one thread.
 */
final class MergedValues {
  /** Values that are counted at most; each takes some 180 bytes. */
  static final int COUNT_MAX = 2_000_000;

  private final StoredBackup backup;
  private AttributeFilter filter;
  private final int countMax;
  private final Map<Value, Held> held = new HashMap<>();
  private final Set<Long> counted = new HashSet<>();
  private long throughT = TargetPosition.NOTHING;

  private record Value(long e, long a, Object normal) {}

  /**
   * What stands in the target for several of the source's values.
   *
   * @param value the first of them, rewritten
   */
  private record Held(int count, Object value) {}

  MergedValues(StoredBackup backup, AttributeFilter filter, int countMax) {
    this.backup = backup;
    this.filter = filter;
    this.countMax = countMax;
  }

  /** Goes on with a filter, and forgets everything unless that rewrites as the one before. */
  void use(AttributeFilter next) {
    if (!filter.rewritesLike(next)) {
      forget();
    }
    filter = next;
  }

  /** Forgets everything unless it has counted up to just there. */
  void standAt(long sourceT) {
    if (throughT != sourceT) {
      forget();
      throughT = sourceT;
    }
  }

  private void forget() {
    held.clear();
    counted.clear();
  }

  /**
   * The datoms of the transaction after which the target holds the same: of those that add or
   * retract one of several values that have become one, all but the first and the last.
   *
   * @param schema as of before the transaction
   */
  Set<Datom> superfluous(Transaction transaction, Schema schema) {
    if (filter.isEmpty()) {
      return Set.of();
    }
    List<Datom> concerned = concerned(transaction, datom -> isConcerned(datom, schema));
    if (concerned.isEmpty()) {
      return Set.of();
    }
    count(concerned);
    Map<Value, Held> changes = changes(concerned);
    Set<Datom> superfluous = new LinkedHashSet<>(concerned);
    superfluous.removeIf(
        datom -> {
          Value value = value(datom);
          int before = countOf(held.get(value));
          int after = before + countOf(changes.get(value));
          return (before > 0) != (after > 0)
              && (after > 0) == datom.added()
              && changes.remove(value) != null;
        });
    return superfluous;
  }

  /**
   * The rewritten value that was asserted for one that is retracted; its own where none was merged.
   * Its references are the source's.
   */
  Object held(Datom retraction, Object rewritten) {
    if (held.isEmpty()) {
      return rewritten;
    }
    Held known = held.get(value(retraction));
    return known == null ? rewritten : known.value();
  }

  /** Moves on: the transaction is in the target. */
  void restored(Transaction transaction) {
    throughT = transaction.t();
    if (!counted.isEmpty()) {
      apply(transaction, counted);
    }
  }

  private boolean isConcerned(Datom datom, Schema schema) {
    if (!filter.rewrites(datom.a())) {
      return false;
    }
    Attribute attribute = schema.attribute(datom.a());
    return attribute != null && attribute.many();
  }

  /** Makes sure that these attributes are counted. */
  private void count(List<Datom> concerned) {
    Set<Long> missing = new TreeSet<>();
    concerned.forEach(datom -> missing.add(datom.a()));
    missing.removeAll(counted);
    if (missing.isEmpty()) {
      return;
    }
    try {
      countStored(missing);
    } catch (RuntimeException failed) {
      forget(); // half a count is none
      throw failed;
    }
    counted.addAll(missing);
  }

  private void countStored(Set<Long> missing) {
    SegmentChooser chooser = new SegmentChooser(backup);
    for (long t = TargetPosition.NOTHING; t < throughT; ) {
      Segment segment = backup.segment(chooser.after(t).orElseThrow().range());
      long after = t;
      try (Stream<Transaction> transactions = segment.transactions()) {
        transactions
            .filter(each -> each.t() > after)
            .takeWhile(each -> each.t() <= throughT)
            .forEach(each -> apply(each, missing));
      }
      t = segment.info().range().endT() - 1;
    }
  }

  private void apply(Transaction transaction, Set<Long> attributes) {
    changes(concerned(transaction, datom -> attributes.contains(datom.a())))
        .forEach(
            (value, change) -> {
              Held before = held.get(value);
              int count = countOf(before) + change.count();
              if (count == 0) {
                held.remove(value);
              } else {
                held.put(value, new Held(count, (before == null ? change : before).value()));
              }
            });
    if (held.size() > countMax) {
      throw new InvalidConfigurationException(
          "Failed to rewrite attributes of cardinality many: more than "
              + countMax
              + " values would have to be counted",
          "exclude them, or rewrite fewer");
    }
  }

  /** A log may hold a retraction twice: as somebody sent it, and as Datomic added it. */
  private static List<Datom> concerned(Transaction transaction, Predicate<Datom> isConcerned) {
    return transaction.datoms().stream().filter(isConcerned).distinct().toList();
  }

  /** By how much the counts change, and the first that is said of each value. */
  private Map<Value, Held> changes(List<Datom> concerned) {
    Map<Value, Held> changes = new HashMap<>();
    for (Datom datom : concerned) {
      changes.merge(
          value(datom),
          new Held(datom.added() ? 1 : -1, rewritten(datom)),
          (one, other) -> new Held(one.count() + other.count(), one.value()));
    }
    return changes;
  }

  private static int countOf(@Nullable Held held) {
    return held == null ? 0 : held.count();
  }

  private Object rewritten(Datom datom) {
    return filter.rewrite(datom.a(), datom.v());
  }

  private Value value(Datom datom) {
    return new Value(datom.e(), datom.a(), normal(rewritten(datom)));
  }

  /** Equal where Datomic takes two values for one. */
  private static Object normal(Object value) {
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros();
    }
    if (value instanceof BigInt number) {
      return number.toBigInteger();
    }
    if (value instanceof Double number) {
      return number + 0.0;
    }
    if (value instanceof List<?> elements) {
      List<@Nullable Object> normal = new ArrayList<>(elements.size());
      elements.forEach(element -> normal.add(element == null ? null : normal(element)));
      return normal;
    }
    return value instanceof Float number ? number + 0.0f : value;
  }
}
