package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.AttributeFilter;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.TargetCheck;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.UniqueCheck;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the target can hold what is stored, before it is written. Only a log of another
 * kind of Datomic is read for it. One thread.
 */
final class Holding {
  private static final Logger LOG = LoggerFactory.getLogger(Holding.class);

  private final StoredBackup backup;
  private final Planner planner;
  private @Nullable Checked checked;
  private long checkedT = TargetPosition.NOTHING;

  /** The result for a plan, and a target with this position. */
  private record Checked(Plan plan, long afterT, List<LeftOut> leftOut) {}

  Holding(StoredBackup backup, Planner planner) {
    this.backup = backup;
    this.planner = planner;
  }

  /**
   * Checks all that a plan will restore.
   *
   * @param afterT the last source t that the target holds
   * @param next the segment that follows it, if the caller has it: it is not read again
   * @return the data that the target does not get
   */
  List<LeftOut> requireAll(Plan plan, long afterT, BaseSchema baseSchema, Optional<Segment> next) {
    Checked known = checked;
    if (known == null || !known.plan().equals(plan) || known.afterT() != afterT) {
      known = new Checked(plan, afterT, checkAll(plan, afterT, new TargetLimits(baseSchema), next));
      checked = known;
    }
    return known.leftOut();
  }

  private List<LeftOut> checkAll(
      Plan plan, long afterT, TargetLimits limits, Optional<Segment> known) {
    long beforeFirst =
        afterT == TargetPosition.NOTHING ? planner.storedBaselineT(plan).orElse(afterT) : afterT;
    Optional<SegmentInfo> first =
        known.isPresent() ? known.map(Segment::info) : planner.infoOfNext(plan, beforeFirst);
    if (first.isEmpty() && beforeFirst == afterT) {
      return List.of();
    }
    // The first one may end within the bootstrap; the newest one knows all built-ins.
    Schema source =
        known
            .flatMap(Holding::schemaPastBootstrap)
            .orElseGet(() -> schemaOf(backup.segment(plan.range())));
    boolean isOther = isOther(source, limits);
    if (!isOther && !TargetLimits.isPro(source)) {
      if (first.isPresent() && isSuspect(first.get(), limits)) {
        TxRange range = first.get().range();
        check(
            known.orElseGet(() -> backup.segment(range)),
            new TargetCheck(limits, plan.filter()),
            afterT,
            plan.lastT());
      }
      return List.of();
    }
    TargetCheck check = new TargetCheck(limits, plan.filter());
    long t = afterT;
    for (Optional<SegmentInfo> next = planner.infoOfNext(plan, t);
        next.isPresent();
        next = planner.infoOfNext(plan, t)) {
      SegmentInfo info = next.get();
      if (isOther || isSuspect(info, limits)) {
        check(backup.segment(info.range()), check, afterT, plan.lastT());
      }
      t = info.lastT();
    }
    if (TargetLimits.isPro(source) && !limits.isPro() && !check.becomingUnique().isEmpty()) {
      checkUniques(plan, check.becomingUnique(), afterT);
    }
    checkedT = t;
    List<LeftOut> leftOut = check.leftOut();
    leftOut.forEach(
        each ->
            LOG.warn(
                "left out of the target backup={} kind={} datoms={} names={}",
                backup.name(),
                each.kind(),
                each.count(),
                each.names()));
    return leftOut;
  }

  /** Reads the log once more, and from its beginning, for the values that count. */
  private void checkUniques(Plan plan, Set<Long> becomingUnique, long afterT) {
    UniqueCheck check = new UniqueCheck(becomingUnique, plan.filter());
    long t = TargetPosition.NOTHING;
    for (Optional<Segment> next = planner.next(plan, t);
        next.isPresent() && t < plan.lastT();
        next = planner.next(plan, t)) {
      try (Stream<Transaction> transactions = next.get().transactions()) {
        for (Iterator<Transaction> log = transactions.iterator(); log.hasNext(); ) {
          Transaction each = log.next();
          if (each.t() > t && each.t() <= plan.lastT()) {
            check.require(each, each.t() > afterT);
          }
        }
      }
      t = next.get().info().lastT();
    }
  }

  /** Checks a segment that may be newer than the claim. */
  void require(Segment segment, AttributeFilter filter, BaseSchema baseSchema) {
    TargetLimits limits = new TargetLimits(baseSchema);
    SegmentInfo info = segment.info();
    if (info.lastT() > checkedT
        && (isSuspect(info, limits) || isOther(segment.schemaAtStart(), limits))) {
      check(segment, new TargetCheck(limits, filter), TargetPosition.NOTHING, Long.MAX_VALUE);
    }
  }

  /** Whether the source has built-ins that the target lacks. */
  private static boolean isOther(Schema source, TargetLimits limits) {
    return source.builtIns().values().stream().anyMatch(limits::lacks);
  }

  /** Whether the header names a built-in that the target lacks, or must not get. */
  private static boolean isSuspect(SegmentInfo info, TargetLimits limits) {
    return info.builtInsUsed().stream()
        .map(Edn::keyword)
        .anyMatch(ident -> limits.lacks(ident) || BuiltIns.isOfExcision(ident));
  }

  private static void check(Segment segment, TargetCheck check, long afterT, long lastT) {
    check.begin(segment.schemaAtStart());
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions
          .takeWhile(each -> each.t() <= lastT)
          .forEach(
              each -> {
                if (each.t() <= afterT) {
                  check.skip(each);
                } else {
                  check.require(each);
                }
              });
    }
  }

  /** A schema with the source's built-ins, as far as the segment has them. */
  static Schema schemaOf(Segment segment) {
    return schemaPastBootstrap(segment)
        .orElseGet(
            () -> {
              Schema schema = segment.schemaAtStart();
              try (Stream<Transaction> transactions = segment.transactions()) {
                transactions.forEach(schema::apply);
              }
              return schema;
            });
  }

  /** A schema with all built-ins; empty when the segment ends within the bootstrap. */
  private static Optional<Schema> schemaPastBootstrap(Segment segment) {
    Schema schema = segment.schemaAtStart();
    if (segment.info().previousT().isPresent()) {
      return Optional.of(schema);
    }
    Bootstrap bootstrap = new Bootstrap();
    try (Stream<Transaction> transactions = segment.transactions()) {
      for (Iterator<Transaction> log = transactions.iterator(); log.hasNext(); ) {
        Transaction next = log.next();
        if (!bootstrap.includes(next)) {
          return Optional.of(schema);
        }
        schema.apply(next);
      }
    }
    return Optional.empty();
  }
}
