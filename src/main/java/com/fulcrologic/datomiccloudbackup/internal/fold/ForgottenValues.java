package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Of an attribute without history, the index forgets a value that was replaced since t. The log has
 * it still: to undo the transactions after t, from the last to the first, gives it back. One
 * thread.
 */
record ForgottenValues(DatomicConnection source, long t, RetryPolicy retryPolicy) {
  private static final long SPAN = 1_000;

  /** The limit of what they undo, in bytes of memory; a larger transaction is read alone. */
  private static final long WEIGHT_MAX = 1 << 20;

  void addTo(DatomSorter sorter, Schema schema) {
    Set<Long> forgetting = Retries.whileTransient(retryPolicy, () -> attributes(schema));
    long basisT = Retries.whileTransient(retryPolicy, source::freshBasisT);
    long endT = basisT + 1;
    long span = SPAN;
    while (!forgetting.isEmpty() && endT > t + 1) {
      TxRange range = new TxRange(Math.max(t + 1, endT - span), endT);
      Optional<List<Transaction>> undone =
          Retries.whileTransient(retryPolicy, () -> undone(range, basisT, forgetting));
      if (undone.isEmpty()) {
        span = Math.max(1, (range.endT() - range.startT()) / 2);
        continue;
      }
      undone.get().forEach(transaction -> sorter.add(transaction.datoms()));
      endT = range.startT();
    }
  }

  private Set<Long> attributes(Schema schema) {
    Set<Long> forgetting = new HashSet<>();
    try (Stream<Datom> ever =
        source.datoms(View.CURRENT.withHistory(), Index.AEVT, BuiltIns.NO_HISTORY)) {
      ever.map(Datom::e).filter(id -> isPlain(schema.attribute(id))).forEach(forgetting::add);
    }
    return forgetting;
  }

  private static boolean isPlain(@Nullable Attribute attribute) {
    return attribute != null && !attribute.isComposite();
  }

  /** The opposite of each transaction, the last one first; empty if the memory is too small. */
  private Optional<List<Transaction>> undone(TxRange range, long basisT, Set<Long> attributes) {
    List<Transaction> undone = new ArrayList<>();
    long weight = 0;
    long expectedT = range.startT();
    try (Stream<Transaction> log = source.txRange(range)) {
      Iterator<Transaction> transactions = log.iterator();
      while (transactions.hasNext()) {
        Transaction next = transactions.next();
        requireNothingIn(expectedT, next.t(), basisT);
        expectedT = next.t() + 1;
        Transaction undoing = undoing(next, attributes);
        if (!undoing.datoms().isEmpty()) {
          undone.add(undoing);
          weight += undoing.weight();
        }
        if (weight > WEIGHT_MAX && range.endT() - range.startT() > 1) {
          return Optional.empty();
        }
      }
    }
    requireNothingIn(expectedT, range.endT(), basisT);
    Collections.reverse(undone);
    return Optional.of(undone);
  }

  private static Transaction undoing(Transaction transaction, Set<Long> attributes) {
    return new Transaction(
        transaction.t(),
        transaction.tx(),
        transaction.datoms().stream()
            .filter(datom -> attributes.contains(datom.a()))
            .map(datom -> new Datom(datom.e(), datom.a(), datom.v(), datom.tx(), !datom.added()))
            .toList());
  }

  /** The basis is a transaction. A source that may read short is asked once more for the others. */
  private void requireNothingIn(long startT, long endT, long basisT) {
    if (startT < endT && (isWithin(startT, endT, basisT) || isShort(startT, endT))) {
      throw new AnomalyException(
          "read the log at " + new TxRange(startT, endT) + ", which came back short",
          Anomaly.UNAVAILABLE,
          null,
          null);
    }
  }

  private static boolean isWithin(long startT, long endT, long basisT) {
    return startT <= basisT && basisT < endT;
  }

  private boolean isShort(long startT, long endT) {
    if (!source.mayReadShort()) {
      return false;
    }
    try (Stream<Transaction> log = source.txRange(new TxRange(startT, endT))) {
      return log.findAny().isPresent();
    }
  }
}
