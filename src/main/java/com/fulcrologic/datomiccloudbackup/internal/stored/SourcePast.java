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
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SchemaReading;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares a source's log with the stored log. Only a differing transaction proves a fork; a basis
 * that is too low, or an empty answer, never does. Thread-safe; retries nothing.
 *
 * @param doing the current operation, as it follows "Failed to" in a message
 */
public record SourcePast(StoredBackup backup, DatomicConnection source, String doing) {
  /**
   * Requires that the source has the last transaction of a stored segment; returns its basis. Waits
   * for a source that is behind, as long as the source's nodes may lag behind each other.
   */
  public long requireThrough(SegmentInfo stored) {
    long t = stored.lastT();
    long basisT = Basis.atLeast(source, t);
    if (basisT < t) {
      // A source that ends earlier may be another database: compares the last common transaction.
      transactionAt(basisT, redaction()).ifPresent(this::requireSame);
      throw behind("its basis is t " + basisT + ", and t " + t + " is stored");
    }
    // A plain segment has no rules; the claims need not be read for it.
    Redaction redaction = stored.redactedBy().isEmpty() ? Redaction.NONE : redaction();
    Transaction live = transactionAt(t, redaction).orElseThrow(() -> notShown(t));
    if (!TransactionHash.sha256(live).equals(stored.lastTransactionHash())) {
      requireSame(live);
    }
    return basisT;
  }

  /**
   * The t of excisions by which the source lacks datoms of its stored transaction {@code t}, those
   * accepted left out. Empty when it lacks none, or differs for another reason.
   */
  public Optional<SortedSet<Long>> excisionTs(long t) {
    return transactionAt(t, redaction())
        .flatMap(
            live ->
                stored(t)
                    .filter(
                        copy -> !TransactionHash.sha256(copy).equals(TransactionHash.sha256(live)))
                    .flatMap(copy -> excisionTs(copy, live)));
  }

  /** The same, for a transaction that differs: empty when excisions do not explain it. */
  private Optional<SortedSet<Long>> excisionTs(Transaction copy, Transaction live) {
    Set<Datom> left = new HashSet<>(live.datoms());
    List<Datom> gone = copy.datoms().stream().filter(datom -> !left.remove(datom)).toList();
    if (gone.isEmpty() || !left.isEmpty()) {
      return Optional.empty();
    }
    Map<Object, NavigableSet<Long>> requestTs = excisionRequests();
    Set<Long> accepted = backup.ownership().excisionTs();
    SortedSet<Long> needed = new TreeSet<>();
    for (Datom datom : gone) {
      SortedSet<Long> ts = new TreeSet<>();
      for (long named : List.of(datom.e(), datom.a())) {
        // A request concerns what was said before it.
        ts.addAll(requestTs.getOrDefault(named, new TreeSet<>()).tailSet(copy.t()));
      }
      if (ts.isEmpty()) {
        return Optional.empty();
      }
      if (ts.stream().noneMatch(t -> accepted.contains(t) || needed.contains(t))) {
        needed.add(ts.first());
      }
    }
    return Optional.of(needed);
  }

  /** For each entity or attribute that a request for an excision names, the t of the requests. */
  private Map<Object, NavigableSet<Long>> excisionRequests() {
    Map<Object, NavigableSet<Long>> requestTs = new HashMap<>();
    try (Stream<Datom> requests =
        source.datoms(View.CURRENT.withHistory(), Index.AEVT, BuiltIns.EXCISE)) {
      requests.forEach(
          request ->
              requestTs
                  .computeIfAbsent(request.v(), named -> new TreeSet<>())
                  .add(request.tx() - Transaction.entityId(0)));
    } catch (AnomalyException withoutExcision) {
      if (withoutExcision.anomaly().isTransient()) {
        throw withoutExcision;
      }
      // an older base schema
    }
    return requestTs;
  }

  /** Requires that the caller has accepted these excisions. */
  public void requireAccepted(long t, SortedSet<Long> excisionTs) {
    if (!excisionTs.isEmpty()) {
      throw new ForkedHistoryException(
          ("Failed to %s: the source has excised datoms of its t %s, which is stored; the "
                  + "request is in its t %s")
              .formatted(doing, t, excisionTs.first()),
          "adopt the excision to continue: what was excised stays in the store; or back it up under"
              + " another name, which forgets it");
    }
  }

  /** The exception for a source that lags, and is not known to be another database. */
  public IncompleteBackupException behind(String what) {
    return new IncompleteBackupException(
        "Failed to " + doing + ": the source is behind what is stored: " + what,
        "run it again later; if the source was reset or restored to an earlier t, back it up under"
            + " another name");
  }

  /** Compares typed values: an earlier version stored a network client's values unchanged. */
  private void requireSame(Transaction live) {
    String liveHash = TransactionHash.sha256(live);
    Optional<Transaction> copy = stored(live.t());
    if (copy.isEmpty() || TransactionHash.sha256(copy.get()).equals(liveHash)) {
      return;
    }
    Optional<SortedSet<Long>> excisionTs = excisionTs(copy.get(), live);
    if (excisionTs.isEmpty()) {
      throw fork(live.t(), TransactionHash.sha256(copy.get()), liveHash);
    }
    requireAccepted(live.t(), excisionTs.get());
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

  private Redaction redaction() {
    return backup.ownership().redaction();
  }

  /** The source's transaction, as the backup stores it. */
  private Optional<Transaction> transactionAt(long t, Redaction redaction) {
    Optional<Transaction> live;
    try (Stream<Transaction> log = source.txRange(new TxRange(t, t + 1))) {
      live = log.findFirst();
    }
    return redaction.isEmpty()
        ? live
        : live.map(new Redacting(redaction, SchemaReading.schemaAfter(t, source))::next);
  }

  private AnomalyException notShown(long t) {
    return new AnomalyException(
        doing + ": the source does not show its t " + t, Anomaly.UNAVAILABLE, null, null);
  }

  private ForkedHistoryException fork(long t, String storedHash, String liveHash) {
    return new ForkedHistoryException(
        ("Failed to %s: the source has another past: its t %s has the hash %s, and the stored "
                + "one has %s")
            .formatted(doing, t, liveHash, storedHash),
        "check that this is the name of this database's backup; if the source was reset or"
            + " restored, back it up under another name");
  }
}
