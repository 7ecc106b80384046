package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.fold.Fold;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.fold.StoredState;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaseline;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaselines;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the stored baselines: all parts are there, every byte is as written, and the state equals
 * the fold of the segments. Reports one finding for a baseline, and one for each missing part.
 * Immutable.
 */
record BaselineCheck(
    StoredBackup backup,
    Optional<SourceIdentity> source,
    CheckLevel level,
    Path spillDirectory,
    CheckFindings findings) {
  void check(long t) {
    try {
      backup.baselines().find(t).ifPresent(this::check);
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      findings.add(CheckFindings.of(fault, Optional.of(new TxRange(t, t + 1))));
    } catch (SealingKeyException locked) {
      if (level != CheckLevel.NAMES) {
        throw locked;
      }
      // Names need no keys; only a baseline itself says how many parts it has.
    }
  }

  private void check(StoredBaseline baseline) {
    StoredBaselines baselines = backup.baselines();
    if (isPartMissing(baselines, baseline) || level == CheckLevel.NAMES) {
      return;
    }
    if (source.isPresent() && !source.get().isCompatibleWith(baseline.source())) {
      findings.add(
          Kind.FOREIGN_SOURCE,
          baseline.t(),
          "%s is of source %s, and the backup is of %s"
              .formatted(baselines.key(baseline.t()), baseline.source(), source.get()));
      return;
    }
    StoredState stored = new StoredState(baselines, baseline);
    stored.requireWhole();
    if (level == CheckLevel.DECODE) {
      compare(stored);
    }
  }

  private boolean isPartMissing(StoredBaselines baselines, StoredBaseline baseline) {
    long t = baseline.t();
    Set<Long> numbers = baselines.partNumbers(t);
    boolean isMissing = false;
    for (long number = 0; number < baseline.partCount(); number++) {
      if (!numbers.contains(number)) {
        isMissing = true;
        String key = baselines.partKey(t, number);
        findings.add(Kind.CORRUPT, t, "the baseline of t " + t + " lacks its part " + key);
      }
    }
    return isMissing;
  }

  /** A fault of the segments is a finding, too: then nothing was compared. */
  private void compare(StoredState stored) {
    long t = stored.of().t();
    try (State folded = Fold.upTo(t, backup, spillDirectory, Progress.IGNORED)) {
      if (!stored.isSame(folded)) {
        findings.add(
            Kind.FORKED,
            t,
            backup.baselines().key(t) + " is another state than that of the segments up to t " + t);
      }
    } catch (SegmentGapException gap) {
      findings.add(Kind.GAP, t, String.valueOf(gap.getMessage()));
    } catch (NoSuchBackupException | UnreachablePointException beyond) {
      findings.add(Kind.FORKED, t, String.valueOf(beyond.getMessage()));
    }
  }
}
