package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks that segments agree: they come from one source, each follows the segment before it, and
 * overlapping segments contain the same transactions. Keeps the hashes of the log from the start of
 * the last segment. Takes sound segments in ascending order. Mutable; one thread.
 */
final class ChainCheck {
  private final CheckFindings findings;
  private Optional<SourceIdentity> source;
  private final Optional<? extends Set<String>> ruleIds;
  private final HashedRun known = new HashedRun();

  /** The start and end of the known t; nothing is known while they are equal. */
  private long knownStart;

  private long knownEnd;

  /** The t of the last transaction before the known ones. */
  private OptionalLong before = OptionalLong.empty();

  /**
   * @param source the expected source; empty to take that of the first segment
   * @param ruleIds the rules by which each segment must be written; empty when they are not known
   */
  ChainCheck(
      Optional<SourceIdentity> source,
      Optional<? extends Set<String>> ruleIds,
      CheckFindings findings) {
    this.source = source;
    this.ruleIds = ruleIds;
    this.findings = findings;
  }

  void add(StoreCheck.Checked checked) {
    checked.finding().ifPresent(findings::add);
    if (checked.info().isEmpty()) {
      return;
    }
    SegmentInfo info = checked.info().get();
    if (!isOfSameSource(info)) {
      return; // it differs everywhere; one finding is enough
    }
    if (ruleIds.isPresent() && !ruleIds.get().equals(info.redactedBy())) {
      findings.add(
          Kind.FORKED,
          info.range(),
          info.range()
              + " is written under the rules "
              + new TreeSet<>(info.redactedBy())
              + ", and the backup has the rules "
              + ruleIds.get());
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
        Kind.FOREIGN_SOURCE,
        info.range(),
        info.range() + " is of source " + info.source() + ", and the backup is of " + expected);
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

  /** Forgets everything before a gap. */
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
    int differing = known.mismatch(knownCount, run, count); // a transaction's hash includes its t
    if (differing >= 0) {
      long t =
          Math.min(
              differing < knownCount ? known.t(differing) : Long.MAX_VALUE,
              differing < count ? run.t(differing) : Long.MAX_VALUE);
      String what = " and a segment before it hold different transactions at t ";
      findings.add(Kind.FORKED, t, range + what + t);
    }
  }

  private void comparePrevious(SegmentInfo info) {
    if (before.isPresent() && !before.equals(info.previousT())) {
      findings.add(
          Kind.FORKED,
          info.range(),
          "%s follows t %s, and the log stored before it ends at t %s"
              .formatted(
                  info.range(),
                  info.previousT().isPresent() ? info.previousT().getAsLong() : "none",
                  before.getAsLong()));
    }
  }
}
