package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.CheckFinding;
import com.fulcrologic.datomiccloudbackup.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at one segment by itself. Immutable, thread-safe. */
final class SegmentCheck {
  private final StoredBackup backup;
  private final boolean decoding;

  /**
   * @param decoding whether transactions are decoded; else every byte is hashed
   */
  SegmentCheck(StoredBackup backup, boolean decoding) {
    this.backup = backup;
    this.decoding = decoding;
  }

  CheckedSegment check(StoredSegment stored) {
    TxRange key = stored.range();
    try {
      Segment segment = backup.segment(key);
      if (!segment.info().range().equals(key)) {
        return unsound(
            stored,
            CheckFinding.Kind.CORRUPT,
            "under " + backup.key(key) + " lies the segment " + segment.info().range());
      }
      return new CheckedSegment(
          stored,
          Optional.of(segment.info()),
          decoding ? Optional.of(hashed(segment)) : Optional.empty(),
          Optional.empty());
    } catch (CorruptSegmentException broken) {
      return unsound(stored, CheckFinding.Kind.CORRUPT, String.valueOf(broken.getMessage()));
    } catch (UnsupportedFormatException later) {
      return unsound(
          stored, CheckFinding.Kind.UNSUPPORTED_FORMAT, String.valueOf(later.getMessage()));
    }
  }

  private static CheckedSegment unsound(
      StoredSegment stored, CheckFinding.Kind kind, String message) {
    return new CheckedSegment(
        stored,
        Optional.empty(),
        Optional.empty(),
        Optional.of(new CheckFinding(kind, Optional.of(stored.range()), message)));
  }

  private static HashedRun hashed(Segment segment) {
    HashedRun run = new HashedRun();
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions.forEach(
          transaction -> run.add(transaction.t(), TransactionHash.sha256(transaction)));
    }
    return run;
  }
}
