package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds a source's past against the one that is stored. A fork is proved by a transaction that
 * differs, and never inferred from a basis that is too low, or from an answer that is empty.
 * Thread-safe; retries nothing.
 */
public final class SourcePast {
  private final StoredBackup backup;
  private final DatomicConnection source;
  private final String doing;

  /**
   * @param doing what is being done, to follow "Failed to"
   */
  public SourcePast(StoredBackup backup, DatomicConnection source, String doing) {
    this.backup = backup;
    this.source = source;
    this.doing = doing;
  }

  /**
   * Makes sure that the source has the last transaction of a stored segment. A source that is
   * behind it is waited for, as long as its nodes may be behind each other.
   *
   * @return the source's basis; not before that transaction
   * @throws IncompleteBackupException when the source stays behind
   * @throws ForkedHistoryException when a transaction of the source differs from the stored one
   * @throws AnomalyException of category unavailable when the source does not show a transaction
   *     that its basis says it has
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

  /** Of a source that is not known to be another one, only that it has not caught up. */
  public IncompleteBackupException behind(String what) {
    return new IncompleteBackupException(
        "Failed to " + doing + ": the source is behind what is stored: " + what,
        "run it again later; if the source was reset or restored to an earlier t, back it up under"
            + " another name");
  }

  /** A source that ends earlier may be another one: the last transaction that both have tells. */
  private void requireSameAtEnd(long basisT) {
    transactionAt(basisT).ifPresent(live -> requireSame(basisT, TransactionHash.sha256(live)));
  }

  /** By the values' types: an earlier version stored what a network client made of them. */
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
            + ", and the stored one "
            + storedHash,
        "check that this is the name of this database's backup; if the source was reset or restored,"
            + " back it up under another name");
  }
}
