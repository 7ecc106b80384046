package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the demo's restored log against its source's: one target transaction for each source
 * transaction, in the same order, at the same time, with the same datoms under the id map that the
 * original ids make. Shares no code with the restore that it judges.
 */
final class DemoComparison {
  private final DemoLog source;
  private final DemoLog target;
  private final Map<Long, Long> sourceIds = new HashMap<>();

  private DemoComparison(DemoLog source, DemoLog target) {
    this.source = source;
    this.target = target;
    for (Transaction transaction : target.transactions()) {
      for (Datom datom : transaction.datoms()) {
        Long original = target.originalId(datom);
        if (original != null) {
          sourceIds.put(datom.e(), original);
        }
      }
    }
  }

  /**
   * What came of it.
   *
   * @param transactionCount transactions in the source
   * @param equalCount how many of them are equal in the target
   * @param datomCount datoms compared
   * @param difference what differs first
   */
  record Result(
      int transactionCount, int equalCount, long datomCount, Optional<String> difference) {
    boolean isEqual() {
      return difference.isEmpty();
    }
  }

  static Result compare(DemoLog source, DemoLog target) {
    return new DemoComparison(source, target).compare();
  }

  private Result compare() {
    List<Transaction> restored =
        target.transactions().stream()
            .filter(transaction -> target.bookkeeping(transaction, "source-t") != null)
            .toList();
    int equalCount = 0;
    long datomCount = 0;
    String difference = null;
    for (int i = 0; i < source.transactions().size(); i++) {
      Transaction original = source.transactions().get(i);
      datomCount += original.datoms().size();
      String differs =
          i < restored.size() ? difference(original, restored.get(i)) : "it is not in the target";
      if (differs == null) {
        equalCount++;
      } else if (difference == null) {
        difference = "source t " + original.t() + ": " + differs;
      }
    }
    if (difference == null && restored.size() > source.transactions().size()) {
      difference = "the target holds transactions that the source does not";
    }
    return new Result(
        source.transactions().size(), equalCount, datomCount, Optional.ofNullable(difference));
  }

  private @Nullable String difference(Transaction original, Transaction restored) {
    Long sourceT = target.bookkeeping(restored, "source-t");
    if (sourceT == null || sourceT != original.t()) {
      return "source t " + sourceT + " stands in its place";
    }
    if (!DemoLog.instant(original).equals(DemoLog.instant(restored))) {
      return "it is dated otherwise";
    }
    Set<Fact> wanted = wanted(original);
    Set<Fact> found = found(restored);
    if (!wanted.equals(found)) {
      long missing = wanted.stream().filter(fact -> !found.contains(fact)).count();
      long extra = found.stream().filter(fact -> !wanted.contains(fact)).count();
      return missing + " of its datoms are missing, " + extra + " are there instead";
    }
    return null;
  }

  /** Of the transactions that Datomic itself makes, the dates alone count; none is the epoch. */
  private Set<Fact> wanted(Transaction original) {
    if (DemoLog.isDatomicsOwn(original)) {
      return Set.of();
    }
    Set<Fact> facts = new HashSet<>();
    for (Datom datom : original.datoms()) {
      facts.add(new Fact(datom.e(), datom.a(), exact(datom.v()), datom.added()));
    }
    return facts;
  }

  private Set<Fact> found(Transaction restored) {
    Set<Fact> facts = new HashSet<>();
    for (Datom datom : restored.datoms()) {
      boolean isEpoch = DemoLog.isDatomicsOwn(restored) && datom.v() instanceof Date;
      if (!target.isBookkeeping(datom) && !isEpoch) {
        facts.add(inSource(datom));
      }
    }
    return facts;
  }

  /** A target's datom in the words of the source. */
  private Fact inSource(Datom datom) {
    long attribute = sourceId(datom.a());
    Object value = datom.v();
    if (source.isRef(attribute)) {
      value = sourceId((Long) value);
    } else if (value instanceof List<?> elements) {
      List<@Nullable Object> mapped = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        Object element = elements.get(i);
        boolean isRef = element instanceof Long && source.isRefElement(attribute, i);
        mapped.add(isRef ? Long.valueOf(sourceId((Long) element)) : element);
      }
      value = mapped;
    }
    return new Fact(sourceId(datom.e()), attribute, exact(value), datom.added());
  }

  /** An id that nothing is known of stays itself with another sign, and so equals nothing. */
  private long sourceId(long targetId) {
    Long original = sourceIds.get(targetId);
    if (original != null) {
      return original;
    }
    Keyword builtIn = target.builtIn(targetId);
    return builtIn != null && source.knows(builtIn) ? source.id(builtIn) : -targetId - 1;
  }

  /** A datom of the source, without its transaction. */
  private record Fact(long e, long a, Object v, boolean added) {}

  /** A value with its class: 1.0M is not 1.00M, and a long is no bigint. */
  private record Exact(Class<?> type, Object value) {}

  private static Object exact(@Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    if (value instanceof List<?> elements) {
      return elements.stream().map(DemoComparison::exact).toList();
    }
    return new Exact(value.getClass(), value);
  }
}
