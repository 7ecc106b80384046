package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.ReadAhead;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes the state of a database as of one t, from the stored segments alone: of each entity,
 * attribute and value, the last word up to that t. Needs the source no more than a restore does.
 */
public final class Fold {
  private Fold() {}

  /**
   * Folds the stored log up to t.
   *
   * @param spillParent an existing directory, for about 20 times the stored size of the backup
   * @return to be closed, which removes what it spilled
   * @throws NoSuchBackupException when nothing is stored
   * @throws SegmentGapException when transactions up to t are missing
   * @throws UnreachablePointException when t is not stored, or is not a transaction
   */
  public static State upTo(
      long t, StoredBackup backup, Path spillParent, Progress.Listener listener) {
    return upTo(t, backup, spillParent, listener, DatomSorter.COUNT_MAX);
  }

  static State upTo(
      long t, StoredBackup backup, Path spillParent, Progress.Listener listener, int runCountMax) {
    List<StoredSegment> segments = segments(t, backup);
    Spill spill = Spill.in(spillParent);
    try {
      return fold(t, backup, segments, spill, listener, runCountMax);
    } catch (Throwable failed) {
      spill.close();
      throw failed;
    }
  }

  private static List<StoredSegment> segments(long t, StoredBackup backup) {
    Cover cover = backup.cover();
    if (cover.segments().isEmpty()) {
      throw new NoSuchBackupException(
          "Failed to fold: there is no " + backup.location(),
          "check the store and the name of the backup");
    }
    if (t >= cover.endT() || t < 0) {
      throw unreachable(t, backup);
    }
    for (TxRange gap : cover.gaps(0)) {
      if (gap.startT() <= t) {
        throw new SegmentGapException(
            "Failed to fold %s up to t %s: t %s to %s are missing"
                .formatted(backup.location(), t, gap.startT(), gap.endT() - 1),
            "fill the gap from the source with repair",
            gap);
      }
    }
    return cover.inUse(new TxRange(0, t + 1));
  }

  private static State fold(
      long t,
      StoredBackup backup,
      List<StoredSegment> segments,
      Spill spill,
      Progress.Listener listener,
      int runCountMax) {
    DatomSorter sorter = new DatomSorter(spill, runCountMax);
    Schema schema = new Schema();
    @Nullable Transaction last = null;
    int transactionCount = 0;
    long datomCount = 0;
    @Nullable Segment segment = null;
    for (StoredSegment stored : segments) {
      segment = backup.segment(stored.range());
      long after = last == null ? -1 : last.t();
      try (ReadAhead log =
          new ReadAhead(segment.typedTransactions().dropWhile(each -> each.t() <= after))) {
        while (log.hasNext()) {
          Transaction next = log.next();
          if (next.t() > t) {
            break;
          }
          schema.apply(next);
          sorter.add(next.datoms());
          last = next;
          transactionCount++;
          datomCount += next.datoms().size();
        }
      }
      listener.progressed(
          new Progress(
              new TxRange(0, t + 1),
              transactionCount,
              datomCount,
              Math.min(stored.range().endT(), t + 1),
              t + 1));
    }
    if (last == null || segment == null || last.t() != t) {
      throw unreachable(t, backup);
    }
    return SortedState.of(segment.info().source(), last, schema, sorter);
  }

  private static UnreachablePointException unreachable(long t, StoredBackup backup) {
    return new UnreachablePointException(
        "Failed to fold " + backup.location() + " up to t " + t + ": no such t is stored",
        "choose the t of a stored transaction; segments lists what is stored");
  }
}
