package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
      requireSame(live);
    }
    return basisT;
  }

  /** Whether the source lacks datoms of a stored segment's last transaction by an excision. */
  public boolean isExcised(SegmentInfo stored) {
    long t = stored.lastT();
    return transactionAt(t)
        .filter(live -> !TransactionHash.sha256(live).equals(stored.lastTransactionHash()))
        .flatMap(live -> stored(t).map(copy -> isExcised(copy, live)))
        .orElse(false);
  }

  /** Whether the source holds a part of the copy, and its requests for excisions name the rest. */
  private boolean isExcised(Transaction copy, Transaction live) {
    Set<Datom> left = new HashSet<>(live.datoms());
    List<Datom> gone = copy.datoms().stream().filter(datom -> !left.remove(datom)).toList();
    if (gone.isEmpty() || !left.isEmpty()) {
      return false;
    }
    try (Stream<Datom> requests =
        source.datoms(View.CURRENT.withHistory(), Index.AEVT, BuiltIns.EXCISE)) {
      Set<Object> named = requests.map(Datom::v).collect(Collectors.toSet());
      return gone.stream()
          .allMatch(datom -> named.contains(datom.e()) || named.contains(datom.a()));
    } catch (AnomalyException withoutExcision) {
      if (withoutExcision.anomaly().isTransient()) {
        throw withoutExcision;
      }
      return false; // an older base schema
    }
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
    transactionAt(basisT).ifPresent(this::requireSame);
  }

  /** Compares typed values: an earlier version stored a network client's values unchanged. */
  private void requireSame(Transaction live) {
    String liveHash = TransactionHash.sha256(live);
    Optional<Transaction> copy = stored(live.t());
    if (copy.isEmpty() || TransactionHash.sha256(copy.get()).equals(liveHash)) {
      return;
    }
    if (!isExcised(copy.get(), live)) {
      throw fork(live.t(), TransactionHash.sha256(copy.get()), liveHash);
    }
    boolean isAdopted =
        backup.ownership().claims().stream().anyMatch(claim -> claim.reason() == Reason.EXCISED);
    if (!isAdopted) {
      throw new ForkedHistoryException(
          "Failed to "
              + doing
              + ": the source has excised datoms of its t "
              + live.t()
              + ", which is the newest that is stored",
          "adopt the excision to continue: what was excised stays in the store; or back it up under"
              + " another name, which forgets it");
    }
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
