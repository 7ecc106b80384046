package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.CheckFinding;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks whether segments agree with each other: they come from one source, each follows upon the
 * one before, and where they overlap they hold the same transactions. Keeps what is known of the
 * log from the last start on. To be given sound segments in ascending order. Mutable; one thread.
 */
final class ChainCheck {
  private final CheckFindings findings;
  private Optional<SourceIdentity> source;
  private final HashedRun known = new HashedRun();

  /** Where what is known begins and ends; nothing is known while they are equal. */
  private long knownStart;

  private long knownEnd;

  /** The last transaction before what is known. */
  private OptionalLong before = OptionalLong.empty();

  /**
   * @param source whose segments they should be; empty for the first one's
   */
  ChainCheck(Optional<SourceIdentity> source, CheckFindings findings) {
    this.source = source;
    this.findings = findings;
  }

  void add(CheckedSegment checked) {
    checked.finding().ifPresent(findings::add);
    if (checked.info().isEmpty()) {
      return;
    }
    SegmentInfo info = checked.info().get();
    if (!isOfSameSource(info)) {
      return; // it disagrees with everything, which needs no saying
    }
    checked.transactions().ifPresent(run -> compare(info, run));
  }

  private boolean isOfSameSource(SegmentInfo info) {
    SourceIdentity expected = source.orElse(info.source());
    if (expected.isCompatibleWith(info.source())) {
      source = Optional.of(expected.firstTransactionHash() == null ? info.source() : expected);
      return true;
    }
    findings.add(
        CheckFinding.Kind.FOREIGN_SOURCE,
        info.range(),
        info.range() + " is of source " + info.source() + ", and the backup of " + expected);
    return false;
  }

  private void compare(SegmentInfo info, HashedRun run) {
    TxRange range = info.range();
    if (range.startT() > knownEnd || knownStart == knownEnd) {
      restart(range);
    } else {
      forget(range.startT());
      compareOverlap(range, run);
    }
    comparePrevious(info);
    if (range.endT() > knownEnd) {
      known.addFrom(run, run.indexFrom(knownEnd));
      knownEnd = range.endT();
    }
  }

  /** After a gap nothing is known of what went before. */
  private void restart(TxRange range) {
    known.dropBefore(known.size());
    before = OptionalLong.empty();
    knownStart = range.startT();
    knownEnd = range.startT();
  }

  private void forget(long startT) {
    int index = known.indexFrom(startT);
    if (index > 0) {
      before = OptionalLong.of(known.t(index - 1));
      known.dropBefore(index);
    }
    knownStart = startT;
  }

  private void compareOverlap(TxRange range, HashedRun run) {
    long end = Math.min(range.endT(), knownEnd);
    int knownCount = known.indexFrom(end);
    int count = run.indexFrom(end);
    for (int i = 0; i < Math.max(knownCount, count); i++) {
      // A transaction's hash is over its t, too.
      boolean same = i < knownCount && i < count && known.hash(i) == run.hash(i);
      if (!same) {
        long t =
            Math.min(
                i < knownCount ? known.t(i) : Long.MAX_VALUE,
                i < count ? run.t(i) : Long.MAX_VALUE);
        findings.add(
            CheckFinding.Kind.FORKED,
            new TxRange(t, t + 1),
            range + " and a segment before it hold different transactions at t " + t);
        return;
      }
    }
  }

  private void comparePrevious(SegmentInfo info) {
    if (before.isPresent() && !before.equals(info.previousT())) {
      findings.add(
          CheckFinding.Kind.FORKED,
          info.range(),
          info.range()
              + " follows upon t "
              + (info.previousT().isPresent() ? info.previousT().getAsLong() : "none")
              + ", and what is stored before it ends at t "
              + before.getAsLong());
    }
  }
}
