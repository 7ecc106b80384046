package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks one segment by itself. Immutable, thread-safe.
 *
 * @param decoding whether transactions are decoded; if not, every byte is only hashed
 */
record SegmentCheck(StoredBackup backup, boolean decoding) {
  /**
   * The result of the check of one segment by itself.
   *
   * @param info its header; empty when the segment is not sound
   * @param transactions the t and hashes of its transactions; empty when it was not decoded
   * @param finding the fault of the segment; empty when it is sound
   */
  record Checked(
      Optional<SegmentInfo> info,
      Optional<HashedRun> transactions,
      Optional<CheckFinding> finding) {}

  Checked check(StoredSegment stored) {
    TxRange key = stored.range();
    try {
      Segment segment = backup.segment(key);
      if (!segment.info().range().equals(key)) {
        throw new CorruptSegmentException(
            backup.key(key) + " contains the segment " + segment.info().range(), "");
      }
      return new Checked(
          Optional.of(segment.info()),
          decoding ? Optional.of(hashed(segment)) : Optional.empty(),
          Optional.empty());
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      return new Checked(
          Optional.empty(),
          Optional.empty(),
          Optional.of(CheckFindings.of(fault, Optional.of(key))));
    }
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
