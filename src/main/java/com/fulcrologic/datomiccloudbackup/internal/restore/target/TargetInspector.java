package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the position of a target, from the target alone: the remains of its bootstrap, its claim,
 * and its last transactions. Reads a few transactions, for any size of the target.
 */
public final class TargetInspector {
  private static final long SPAN_FACTOR = 8;

  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;
  private @Nullable Map<Keyword, Long> bookkeepingIds;

  public TargetInspector(DatomicConnection target, RetryPolicy retryPolicy) {
    this.target = target;
    this.retryPolicy = retryPolicy;
  }

  /** The bootstrap of the target: its built-ins, and its last t. */
  public Bootstrap bootstrap() {
    return retrying(
        () -> {
          Bootstrap bootstrap = new Bootstrap();
          try (Stream<Transaction> log = target.txRange(new TxRange(0, target.basisT() + 1))) {
            Iterator<Transaction> transactions = log.iterator();
            while (transactions.hasNext() && bootstrap.includes(transactions.next())) {
              // includes() moves on
            }
          }
          return bootstrap;
        });
  }

  /**
   * The claim of the target; empty when it was not begun.
   *
   * @throws TargetNotRestorableException when the Clojure library began it, or another writer wrote
   *     to it just before it was begun
   */
  Optional<Claim> claim() {
    Map<Keyword, Long> ids = bookkeepingIds();
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    if (!ids.containsKey(Bookkeeping.SOURCE_T)) {
      throw refusal(
          "it was begun by the Clojure library, whose restores cannot be continued: it has no"
              + " claim");
    }
    long installationTx = definition(Bookkeeping.SOURCE_T).map(Datom::tx).orElseThrow();
    Transaction installation =
        transactionAt(installationTx - Transaction.entityId(0))
            .orElseThrow(() -> refusal("its claim is missing"));
    Datom claim =
        installation.datoms().stream()
            .filter(datom -> isClaim(datom, installation))
            .findFirst()
            .orElseThrow(() -> refusal("its claim is missing"));
    requireDirectlyAfter(claim.e(), installation);
    return Optional.of(Claim.parse((String) claim.v()));
  }

  /**
   * Checks that the installation follows the last bootstrap transaction, on which the claim is a
   * note. The t of the two need not be neighbours.
   */
  private void requireDirectlyAfter(long lastBootstrapTx, Transaction installation) {
    long lastBootstrapT = lastBootstrapTx - Transaction.entityId(0);
    log(new TxRange(lastBootstrapT + 1, installation.t() + 1), 1).stream()
        .filter(next -> next.t() < installation.t())
        .findFirst()
        .ifPresent(
            between -> {
              throw notOurs(between);
            });
  }

  /**
   * The position of a claimed target.
   *
   * @throws TargetNotRestorableException when one of its last transactions is not part of a
   *     restore. These are as many as a restore may send before it notices another writer
   */
  public TargetPosition position() {
    List<Transaction> last = lastTransactions(TransactionsInFlight.COUNT_LIMIT + 1);
    @Nullable TargetPosition position = null;
    for (int i = last.size() - 1; i >= 0; i--) {
      Transaction transaction = last.get(i);
      TargetPosition then = positionAt(transaction).orElseThrow(() -> notOurs(transaction));
      position = position == null ? then : position;
      if (isInstallation(transaction)) {
        break;
      }
    }
    if (position == null) {
      throw refusal("its last transaction cannot be read");
    }
    return position;
  }

  /** The target's position after this transaction; empty when that is not part of a restore. */
  public Optional<TargetPosition> positionAt(Transaction transaction) {
    Optional<Object> sourceT = own(transaction, Bookkeeping.SOURCE_T);
    if (sourceT.isPresent()) {
      boolean lacksId = own(transaction, Bookkeeping.ORIGINAL_ID).isEmpty();
      return Optional.of(new TargetPosition(transaction.t(), number(sourceT.get()), 0, lacksId));
    }
    Optional<Object> preparation = own(transaction, Bookkeeping.PREPARATION);
    if (preparation.isPresent()) {
      List<?> numbers = (List<?>) preparation.get();
      return Optional.of(
          new TargetPosition(
              transaction.t(), number(numbers.get(0)), number(numbers.get(1)), false));
    }
    return isInstallation(transaction)
        ? Optional.of(TargetPosition.begun(transaction.t()))
        : Optional.empty();
  }

  private static boolean isInstallation(Transaction transaction) {
    return transaction.datoms().stream().anyMatch(datom -> datom.v().equals(Bookkeeping.SOURCE_T));
  }

  private BackupException notOurs(Transaction transaction) {
    return refusal("its transaction t " + transaction.t() + " is not part of a restore");
  }

  /**
   * The step that adds the missing bookkeeping of the last restored transaction; empty when none
   * is. The original-id is missing if that transaction was too large to hold it. The marker is if a
   * restore died before the end of a segment, and no transaction follows that would move it.
   */
  public Optional<Step> completion(TargetPosition position, BaseSchema baseSchema) {
    if (position.isNothingRestored()) {
      return Optional.empty();
    }
    boolean markerLags = marker().filter(t -> t == position.sourceT()).isEmpty();
    if (!markerLags && !position.lacksOriginalId()) {
      return Optional.empty();
    }
    Long txInstant = baseSchema.id(BuiltIns.TX_INSTANT);
    Object instant =
        lastTransaction().datoms().stream()
            .filter(datom -> txInstant != null && datom.a() == txInstant)
            .map(Datom::v)
            .findFirst()
            .orElse(TransactionDates.EPOCH);
    return Optional.of(Step.completion(position.sourceT(), position.lacksOriginalId(), instant));
  }

  /** The source t that the marker names; empty when it was never set. */
  private Optional<Long> marker() {
    return retrying(
        () -> {
          try (Stream<Datom> datoms =
              target.datoms(
                  View.CURRENT,
                  Index.EAVT,
                  Bookkeeping.LAST_SOURCE_TRANSACTION,
                  Bookkeeping.LAST_SOURCE_TRANSACTION)) {
            return datoms.findFirst().map(datom -> number(datom.v()));
          }
        });
  }

  private Transaction lastTransaction() {
    return retrying(() -> transactionAt(target.basisT()))
        .orElseThrow(() -> refusal("its last transaction cannot be read"));
  }

  /** The original ids that one transaction of the target brought: target entity id by source id. */
  public Map<Long, Long> originalIdsOf(Transaction transaction) {
    Map<Keyword, Long> ids = bookkeepingIds();
    Map<Long, Long> entities = new HashMap<>();
    for (Datom datom : transaction.datoms()) {
      if (is(datom, ids, Bookkeeping.ORIGINAL_ID)) {
        entities.put(number(datom.v()), datom.e());
      }
    }
    return entities;
  }

  private Optional<Transaction> transactionAt(long t) {
    return log(new TxRange(t, t + 1), 1).stream().findFirst();
  }

  /** The first of the target's transactions after this t of the target. */
  public List<Transaction> logAfter(long t, int countMax) {
    long basisT = retrying(target::basisT);
    return basisT <= t ? List.of() : log(new TxRange(t + 1, basisT + 1), countMax);
  }

  private List<Transaction> log(TxRange range, int countMax) {
    return retrying(
        () -> {
          try (Stream<Transaction> log = target.txRange(range, countMax)) {
            return log.toList();
          }
        });
  }

  /** The last of the target's transactions, in ascending order; t need not be dense. */
  private List<Transaction> lastTransactions(int count) {
    long endT = retrying(target::basisT) + 1;
    for (long span = count; ; span *= SPAN_FACTOR) {
      TxRange range = new TxRange(Math.max(0, endT - span), endT);
      Deque<Transaction> last = retrying(() -> lastOf(range, count));
      if (last.size() == count || range.startT() == 0) {
        return List.copyOf(last);
      }
    }
  }

  private Deque<Transaction> lastOf(TxRange range, int count) {
    Deque<Transaction> last = new ArrayDeque<>();
    try (Stream<Transaction> log = target.txRange(range)) {
      log.forEachOrdered(
          transaction -> {
            last.add(transaction);
            if (last.size() > count) {
              last.removeFirst();
            }
          });
    }
    return last;
  }

  /** The bookkeeping attributes' ids; empty before the installation, constant after it. */
  private Map<Keyword, Long> bookkeepingIds() {
    Map<Keyword, Long> known = bookkeepingIds;
    if (known == null || known.isEmpty()) {
      known = readBookkeepingIds();
      if (!known.isEmpty() && known.size() < Bookkeeping.ALL.size()) {
        known = readBookkeepingIds(); // they were installed while we were reading
      }
      bookkeepingIds = known;
    }
    return known;
  }

  private Map<Keyword, Long> readBookkeepingIds() {
    Map<Keyword, Long> found = new HashMap<>();
    for (Keyword ident : Bookkeeping.ALL) {
      definition(ident).ifPresent(datom -> found.put(ident, datom.e()));
    }
    return found;
  }

  private Optional<Datom> definition(Keyword ident) {
    return retrying(
        () -> {
          try (Stream<Datom> datoms =
              target.datoms(View.CURRENT, Index.AVET, BuiltIns.IDENT, ident)) {
            return datoms.findFirst();
          }
        });
  }

  private static boolean isClaim(Datom datom, Transaction installation) {
    return datom.v() instanceof String
        && datom.e() != installation.tx()
        && datom.e() >= Transaction.entityId(0)
        && datom.e() < installation.tx();
  }

  /** The value of the bookkeeping on the transaction itself. */
  private Optional<Object> own(Transaction transaction, Keyword attribute) {
    Map<Keyword, Long> ids = bookkeepingIds();
    return transaction.datoms().stream()
        .filter(datom -> datom.e() == transaction.tx() && is(datom, ids, attribute))
        .map(Datom::v)
        .findFirst();
  }

  private static boolean is(Datom datom, Map<Keyword, Long> ids, Keyword attribute) {
    Long id = ids.get(attribute);
    return id != null && id == datom.a();
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private <T> T retrying(Supplier<T> read) {
    return Retries.whileTransient(retryPolicy, read);
  }

  private BackupException refusal(String what) {
    return new TargetNotRestorableException(
        "Failed to restore into database " + target.databaseName() + ": " + what,
        "restore into a new, empty database");
  }
}
