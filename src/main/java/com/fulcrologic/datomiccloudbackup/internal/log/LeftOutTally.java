package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Counts what is left out of a target, by {@link TargetLimits}. Mutable; one thread. */
public final class LeftOutTally {
  private final TargetLimits limits;
  private final LongPredicate isExcluded;
  private final Bootstrap bootstrap = new Bootstrap();
  private final Map<String, LeftOut> byKind = new TreeMap<>();

  public LeftOutTally(TargetLimits limits, LongPredicate isExcluded) {
    this.limits = limits;
    this.isExcluded = isExcluded;
  }

  /**
   * Counts one transaction.
   *
   * @param schema the source's, as of after the transaction
   */
  public void add(Transaction transaction, Schema schema) {
    boolean isOfDatomic = bootstrap.includes(transaction);
    if (isOfDatomic || !limits.leavesOut(schema)) {
      return;
    }
    TargetLimits.LeftOutDatoms leftOut = limits.leftOut(transaction, schema);
    for (Datom datom : transaction.datoms()) {
      if (isExcluded.test(datom.a())) {
        continue;
      }
      if (leftOut.includes(datom)) {
        count(datom, schema);
      }
      long partition = Transaction.partition(datom.e());
      if (Transaction.isNamedPartition(partition) || Transaction.isImplicitPartition(partition)) {
        count(LeftOut.PARTITION, partition(partition, schema));
      }
    }
  }

  /** One for each kind, ascending by kind. */
  public List<LeftOut> result() {
    return List.copyOf(byKind.values());
  }

  private void count(Datom datom, Schema schema) {
    Keyword property = schema.builtIn(datom.a());
    boolean isInstalled =
        BuiltIns.INSTALL_ATTRIBUTE.equals(property) || BuiltIns.ALTER_ATTRIBUTE.equals(property);
    Attribute described =
        schema.attribute(isInstalled && datom.v() instanceof Long id ? id : datom.e());
    if (described != null && Bookkeeping.isBookkeeping(described.ident())) {
      return; // of an earlier restore
    }
    Keyword type = described == null ? null : described.valueType();
    count(
        String.valueOf(limits.lacksType(type) ? type : property),
        described == null || described.ident().equals(Attribute.UNNAMED)
            ? null
            : described.ident().toString());
  }

  private void count(String kind, @Nullable String name) {
    byKind.merge(kind, new LeftOut(kind, name == null ? Set.of() : Set.of(name), 1), LeftOut::plus);
  }

  /** Its ident, or its number: only a named one is an entity. */
  private static String partition(long partition, Schema schema) {
    List<Keyword> idents = new ArrayList<>(schema.namesBefore().getOrDefault(partition, List.of()));
    return idents.isEmpty() ? Long.toString(partition) : idents.get(idents.size() - 1).toString();
  }
}
