package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes larger segments over many small ones, and removes nothing. The log is cut into blocks at
 * the multiples of a number of t, and a block is cut at the byte bound. The cuts depend on the log
 * alone, so compactors at different times and places write the same segments. A block is compacted
 * when it is stored to its end, so each segment written is final. After a crash, the next run uses
 * the segments already written. One thread; memory holds one stored segment and one being written.
 */
public final class Compaction {
  private final StoredBackup backup;

  public Compaction(StoredBackup backup) {
    this.backup = backup;
  }

  public CompactSummary compact(CompactOptions options) {
    Instant begun = Instant.now();
    Cover cover = backup.cover();
    List<BackedUpSegment> written = new ArrayList<>();
    if (cover.segments().isEmpty()) {
      return new CompactSummary(written, 0, 0, Duration.between(begun, Instant.now()));
    }
    Ownership ownership = backup.ownership();
    // As complete as it is known.
    SourceIdentity source =
        ownership
            .origin()
            .orElseGet(() -> backup.info(cover.newest().orElseThrow().range()).source());
    long span = options.transactionCountMax();
    long startT = cover.startAfter(-1).orElse(0L);
    TxRange whole = new TxRange(startT, Math.max(cover.endT(), startT + 1));
    long datomsDone = 0;
    long transactionsDone = 0;
    for (long blockT = startT - startT % span; blockT <= cover.endT() - span; ) {
      TxRange block = new TxRange(blockT, blockT + span);
      List<StoredSegment> chain = cover.inUse(block);
      if (cover.missing(block).isEmpty() && isWorthIt(block, chain, options.contentSizeMax())) {
        for (BackedUpSegment segment :
            new BlockRewriting(backup, ownership, source, block, options.contentSizeMax())
                .rewrite(chain)) {
          written.add(segment);
          transactionsDone += segment.transactionCount();
          datomsDone += segment.datomCount();
        }
      }
      blockT = following(cover, block, chain);
      long spanDone = Math.min(blockT, whole.endT()) - Math.min(startT, blockT);
      options
          .listener()
          .progressed(new Progress(whole, transactionsDone, datomsDone, spanDone, whole.span()));
    }
    Cover after = written.isEmpty() ? cover : backup.cover();
    int inUse = after.inUse().size();
    return new CompactSummary(
        written, inUse, after.segments().size() - inUse, Duration.between(begun, Instant.now()));
  }

  /** The t of the next block; skips blocks that a long segment or a long gap spans. */
  private static long following(Cover cover, TxRange block, List<StoredSegment> chain) {
    long t = chain.isEmpty() ? block.startT() : chain.get(chain.size() - 1).range().endT();
    if (cover.covering(t).isEmpty()) {
      t = Math.max(t, cover.startAfter(t).orElse(cover.endT()));
    }
    return Math.max(block.endT(), t - t % block.span());
  }

  /**
   * Whether two adjacent segments that lie wholly in the block fit together into the byte bound.
   * The segments of an earlier compaction do not.
   */
  private boolean isWorthIt(TxRange block, List<StoredSegment> chain, long contentSizeMax) {
    if (chain.size() < 2) {
      return false;
    }
    long sizeBefore = Long.MAX_VALUE;
    for (StoredSegment segment : chain) {
      SegmentInfo info = backup.info(segment.range());
      if (info.firstT() >= block.startT() && info.lastT() < block.endT()) {
        if (sizeBefore <= contentSizeMax - info.contentSize()) {
          return true;
        }
        sizeBefore = info.contentSize();
      }
    }
    return false;
  }
}
