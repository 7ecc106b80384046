package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.fold.DatomSorter;
import com.fulcrologic.datomiccloudbackup.internal.fold.SideBySide;
import com.fulcrologic.datomiccloudbackup.internal.fold.Spill;
import com.fulcrologic.datomiccloudbackup.internal.fold.SpilledDatoms;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.verify.TransactionFacts.Fact;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport.Baseline;
import java.nio.file.Path;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares the state with which a target begins with its source's. Both are sorted in files, in the
 * source's ids, and read side by side. The files also hold original-ids, and the dates of earlier
 * transactions, as datoms of attributes that no database has. Used once; one thread.
 */
final class StateComparison {
  /** On an entity that only a composite speaks of whose components a filter changes. */
  static final long MAY_BE_KNOWN = -3; // in the order of the files, the last attributes

  static final long ORIGINAL_ID = -2;
  static final long ORIGINAL_INSTANT = -1;

  private final Sides sides;
  private final SourceReading source;
  private final TargetReading target;
  private final Map<Fact, Datom> onBuiltIns = new HashMap<>();
  private final Map<Keyword, Long> builtIns = new HashMap<>();
  private final Set<Long> undated = new HashSet<>(); // transactions of a bootstrap
  private long sourceTx = -1;
  private long targetTx = -1;
  private long lastKnown = IdPairs.NONE;

  StateComparison(Sides sides) {
    this.sides = sides;
    this.source = sides.source();
    this.target = sides.target();
  }

  /**
   * Notes the source's transaction that was read last: each one up to the baseline's own. Only the
   * log shows which datoms on built-ins, and which dates, are Datomic's own.
   */
  void note(Transaction transaction) {
    if (TransactionDates.in(transaction, source.schema()).isEmpty()) {
      undated.add(transaction.tx());
    }
    List<Datom> datoms = source.contentOnBuiltIns(transaction, target.baseSchema());
    for (Datom datom : datoms) {
      if (!datom.added()) {
        onBuiltIns.remove(asserted(datom));
      }
    }
    for (Datom datom : datoms) {
      if (datom.added()) {
        onBuiltIns.put(asserted(datom), datom);
      }
    }
  }

  /** The fact that a datom asserts, or the one that it retracts. */
  private static Fact asserted(Datom datom) {
    return new Fact(datom.e(), datom.a(), Values.canonical(datom.v()), true);
  }

  /**
   * Compares the states right after two transactions: the last one of the baseline, and the one of
   * the target that restores it.
   */
  Baseline compare(
      Transaction original,
      ReadableLog sourceLog,
      Transaction found,
      ReadableLog targetLog,
      Path spillDirectory) {
    sourceTx = original.tx();
    targetTx = found.tx();
    source.schema().builtIns().forEach((id, ident) -> builtIns.put(ident, id));
    try (Spill spill = Spill.in(spillDirectory)) {
      SpilledDatoms wanted = wanted(original, sourceLog, spillDirectory, spill);
      DatomSorter unknown = new DatomSorter(spill);
      DatomSorter sorter = new DatomSorter(spill);
      targetLog.readState(found.t(), spillDirectory, datom -> addThere(datom, sorter, unknown));
      SpilledDatoms there = sorter.finish();
      StateDifferences differences = new StateDifferences(original.t(), found.t(), sides);
      SideBySide.read(wanted, there, differences);
      differences.finish();
      try (Stream<Datom> datoms = unknown.finish().stream(0)) {
        datoms.forEach(differences::ofUnknownEntity);
      }
      return differences.baseline();
    }
  }

  // The source's side.

  private SpilledDatoms wanted(
      Transaction original, ReadableLog log, Path spillDirectory, Spill spill) {
    BaseSchema base = target.baseSchema();
    TargetLimits.LeftOutDatoms leftOut =
        new TargetLimits(base)
            .leftOut(new Transaction(original.t(), original.tx(), List.of()), source.schema());
    DatomSorter sorter = new DatomSorter(spill);
    mention(sourceTx, ORIGINAL_ID, sorter);
    log.readState(
        original.t(),
        spillDirectory,
        datom -> {
          if (!source.isOnBuiltIn(datom, base) && source.isContentOfState(datom, leftOut)) {
            addWanted(datom, sorter);
          }
        });
    onBuiltIns.values().forEach(datom -> addWanted(datom, sorter));
    return sorter.finish();
  }

  private void addWanted(Datom datom, DatomSorter sorter) {
    if (sides.filters().excludes(datom.a())) {
      return;
    }
    if (BuiltIns.TX_INSTANT.equals(source.schema().builtIn(datom.a()))
        && isTransaction(datom.e())
        && (datom.e() != sourceTx || undated.contains(sourceTx))) {
      if (!undated.contains(datom.e())) {
        add(datom.e(), ORIGINAL_INSTANT, datom.v(), sorter);
      }
      return;
    }
    add(datom.e(), datom.a(), datom.v(), sorter);
    boolean isOptional = sides.filters().changesComposite(datom.a());
    long mention = isOptional ? MAY_BE_KNOWN : ORIGINAL_ID;
    if (isOptional || datom.e() != lastKnown) {
      mention(datom.e(), mention, sorter);
      lastKnown = isOptional ? lastKnown : datom.e();
    }
    source.mapReferences(
        datom.a(),
        datom.v(),
        reference -> {
          mention(reference, mention, sorter);
          return reference;
        });
  }

  private void mention(long entity, long attribute, DatomSorter sorter) {
    if (!source.isBuiltIn(entity, target.baseSchema())) {
      add(entity, attribute, true, sorter);
    }
  }

  // The target's side.

  private void addThere(Datom datom, DatomSorter sorter, DatomSorter unknown) {
    if (datom.tx() <= target.bootstrapTx()) {
      return; // Datomic's own
    }
    long e = sourceId(datom.e());
    if (target.is(datom, Bookkeeping.ORIGINAL_ID) && e != IdPairs.NONE) {
      add(e, ORIGINAL_ID, true, sorter);
    } else if (target.is(datom, Bookkeeping.ORIGINAL_INSTANT) && e != IdPairs.NONE) {
      add(e, ORIGINAL_INSTANT, datom.v(), sorter);
    } else if (!target.isOwnOfState(datom)
        && !target.isBuiltIn(datom, BuiltIns.ENSURE)
        && !target.isBuiltIn(datom, BuiltIns.ALTER_ATTRIBUTE)
        && !isOwnDate(datom, e)) {
      long a = sourceId(datom.a());
      if (e == IdPairs.NONE || a == IdPairs.NONE) {
        unknown.add(List.of(datom));
      } else {
        add(e, a, source.mapReferences(a, datom.v(), this::sourceId), sorter);
      }
    }
  }

  /** A date that the source does not have: of the load's transactions, and of an undated one. */
  private boolean isOwnDate(Datom datom, long sourceEntity) {
    if (!target.isBuiltIn(datom, BuiltIns.TX_INSTANT) || !isTransaction(datom.e())) {
      return false;
    }
    return datom.e() == targetTx
        ? undated.contains(sourceTx) && datom.v() instanceof Date date && date.getTime() == 0
        : sourceEntity == IdPairs.NONE;
  }

  private long sourceId(long targetId) {
    Keyword ident = target.schema().builtIn(targetId);
    Long builtIn =
        ident == null || target.baseSchema().id(ident) == null ? null : builtIns.get(ident);
    return builtIn == null ? sides.ids().source(targetId) : builtIn;
  }

  private static boolean isTransaction(long entity) {
    return Transaction.partition(entity) == Transaction.partition(Transaction.entityId(0));
  }

  private static void add(long e, long a, Object v, DatomSorter sorter) {
    sorter.add(List.of(new Datom(e, a, v, 0, true)));
  }
}
