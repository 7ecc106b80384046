package com.fulcrologic.datomiccloudbackup.internal.restore.session;

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
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
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
  private long checkedT = TargetPosition.NOTHING;

  Holding(StoredBackup backup, Planner planner) {
    this.backup = backup;
    this.planner = planner;
  }

  /**
   * Checks all that a plan will restore into an empty target.
   *
   * @throws com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException when the
   *     target cannot hold a part of it
   */
  void requireAll(Plan plan, Segment first, BaseSchema baseSchema) {
    TargetLimits limits = new TargetLimits(baseSchema);
    Schema source = schemaOf(first);
    if (TargetLimits.isPro(source) && !limits.isPro()) {
      LOG.warn(
          "the target has no partitions, and gets no {} backup={}", BuiltIns.INDEX, backup.name());
    }
    boolean isOther = isOther(source, limits);
    if (!isOther && !TargetLimits.isPro(source)) {
      require(first, plan.filter(), baseSchema);
      return;
    }
    long t = TargetPosition.NOTHING;
    for (Optional<SegmentInfo> next = planner.infoOfNext(plan, t);
        next.isPresent();
        next = planner.infoOfNext(plan, t)) {
      SegmentInfo info = next.get();
      if (isOther || isSuspect(info, limits)) {
        check(backup.segment(info.range()), plan.filter(), limits, plan.lastT());
      }
      t = info.lastT();
    }
    checkedT = t;
  }

  /** Checks a segment that may be newer than the claim. */
  void require(Segment segment, AttributeFilter filter, BaseSchema baseSchema) {
    TargetLimits limits = new TargetLimits(baseSchema);
    SegmentInfo info = segment.info();
    if (info.lastT() > checkedT
        && (isSuspect(info, limits) || isOther(segment.schemaAtStart(), limits))) {
      check(segment, filter, limits, Long.MAX_VALUE);
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

  private static void check(
      Segment segment, AttributeFilter filter, TargetLimits limits, long lastT) {
    TargetCheck check = new TargetCheck(limits, filter, segment.schemaAtStart());
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions.takeWhile(each -> each.t() <= lastT).forEach(check::require);
    }
  }

  /** A schema with the source's built-ins; of the first segment, as of the end of the bootstrap. */
  static Schema schemaOf(Segment segment) {
    Schema schema = segment.schemaAtStart();
    if (segment.info().previousT().isPresent()) {
      return schema;
    }
    Bootstrap bootstrap = new Bootstrap();
    try (Stream<Transaction> transactions = segment.transactions()) {
      Iterator<Transaction> log = transactions.iterator();
      while (log.hasNext()) {
        Transaction next = log.next();
        if (!bootstrap.includes(next)) {
          break;
        }
        schema.apply(next);
      }
    }
    return schema;
  }
}
