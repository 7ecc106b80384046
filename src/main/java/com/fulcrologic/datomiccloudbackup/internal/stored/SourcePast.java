package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares a source's log with the stored log. Only a differing transaction proves a fork; a basis
 * that is too low, or an empty answer, never does. Thread-safe; retries nothing.
 */
public final class SourcePast {
  private final StoredBackup backup;
  private final DatomicConnection source;
  private final String doing;

  /**
   * @param doing the current operation, as it follows "Failed to" in a message
   */
  public SourcePast(StoredBackup backup, DatomicConnection source, String doing) {
    this.backup = backup;
    this.source = source;
    this.doing = doing;
  }

  /**
   * Requires that the source has the last transaction of a stored segment. Waits for a source that
   * is behind it, as long as the source's nodes may lag behind each other.
   *
   * @return the source's basis; not before that transaction
   * @throws IncompleteBackupException when the source stays behind
   * @throws ForkedHistoryException when a transaction of the source differs from the stored one
   * @throws AnomalyException of category unavailable when the source does not show a transaction
   *     that its basis includes
   */
  public long requireThrough(SegmentInfo stored) {
    long t = stored.lastT();
    long basisT = Basis.atLeast(source, t);
    if (basisT < t) {
      requireSameAtEnd(basisT);
      throw behind("its basis is t " + basisT + ", and t " + t + " is stored");
    }
    Transaction live = transactionAt(t).orElseThrow(() -> notShown(t));
    String hash = TransactionHash.sha256(live);
    if (!hash.equals(stored.lastTransactionHash())) {
      requireSame(t, hash);
    }
    return basisT;
  }

  /** The exception for a source that lags, and is not known to be another database. */
  public IncompleteBackupException behind(String what) {
    return new IncompleteBackupException(
        "Failed to " + doing + ": the source is behind what is stored: " + what,
        "run it again later; if the source was reset or restored to an earlier t, back it up under"
            + " another name");
  }

  /** A source that ends earlier may be another database; compares the last common transaction. */
  private void requireSameAtEnd(long basisT) {
    transactionAt(basisT).ifPresent(live -> requireSame(basisT, TransactionHash.sha256(live)));
  }

  /** Compares typed values: an earlier version stored a network client's values unchanged. */
  private void requireSame(long t, String liveHash) {
    stored(t)
        .map(TransactionHash::sha256)
        .filter(storedHash -> !storedHash.equals(liveHash))
        .ifPresent(
            storedHash -> {
              throw fork(t, storedHash, liveHash);
            });
  }

  private Optional<Transaction> stored(long t) {
    return backup
        .covering(t)
        .flatMap(
            segment -> {
              try (Stream<Transaction> transactions =
                  backup.segment(segment.range()).typedTransactions()) {
                return transactions.filter(transaction -> transaction.t() == t).findFirst();
              }
            });
  }

  private Optional<Transaction> transactionAt(long t) {
    try (Stream<Transaction> log = source.txRange(new TxRange(t, t + 1))) {
      return log.findFirst();
    }
  }

  private AnomalyException notShown(long t) {
    return new AnomalyException(
        doing + ": the source does not show its t " + t, Anomaly.UNAVAILABLE, null, null);
  }

  private ForkedHistoryException fork(long t, String storedHash, String liveHash) {
    return new ForkedHistoryException(
        "Failed to "
            + doing
            + ": the source has another past: its t "
            + t
            + " has the hash "
            + liveHash
            + ", and the stored one has "
            + storedHash,
        "check that this is the name of this database's backup; if the source was reset or"
            + " restored, back it up under another name");
  }
}
