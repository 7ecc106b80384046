package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.restore.LinkedTransactor.Committed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Restores one source transaction: translates it, adds the bookkeeping, sends it, and learns the
 * new ids once it is committed; where one transaction cannot hold it all, with preparations before
 * it. One thread.
 *
 * <p>When a transaction is split, and how, is part of the target's format ({@link Claim#FORMAT}):
 * two restores that meet in one target must do the same.
 */
final class TransactionReplay {
  /** Datoms in a transaction at most, the one that dates it counted [Datomic Local 1.0.291]. */
  static final int DATOM_COUNT_MAX = 100_000;

  /**
   * Of a restored transaction itself: source-t, original-id, and the marker's old and new value.
   */
  private static final int OWN_DATOM_COUNT = 4;

  private static final String UNIQUE_CONFLICT = ":db.error/unique-conflict";

  private final Translator translator;
  private final LinkedTransactor transactor;
  private final int datomCountMax;
  private final IdsInFlight idsInFlight;
  private boolean isMarkerNew;
  private @Nullable WorkingSet learning; // the latest one

  TransactionReplay(Translator translator, LinkedTransactor transactor, int datomCountMax) {
    this.translator = translator;
    this.transactor = transactor;
    this.datomCountMax = datomCountMax;
    this.idsInFlight = new IdsInFlight(transactor::settleThrough);
    this.isMarkerNew = transactor.position().isNothingRestored();
  }

  TargetPosition position() {
    return transactor.position();
  }

  IdsInFlight idsInFlight() {
    return idsInFlight;
  }

  /** Is told of each transaction that is in the target, in their order. */
  interface Restored {
    /**
     * It is in the target.
     *
     * @param isEqual whether Datomic logged as many datoms for it as the source holds, where that
     *     can be foretold
     */
    void restored(Transaction transaction, boolean isEqual);
  }

  /** Returns when all that was sent is in the target. */
  void settleAll() {
    transactor.settleAll();
  }

  /**
   * Restores the transaction that follows those before it, which may still be under way, as it may
   * be itself afterwards.
   *
   * @param schema as of before it, with the built-ins that it brings
   * @param workingSet learns, too, what those under way have made
   * @param withMarker whether it is the last one of a segment or a call
   */
  void restore(
      Transaction transaction,
      Schema schema,
      WorkingSet workingSet,
      boolean withMarker,
      Restored listener) {
    learning = workingSet;
    if (workingSet.target(transaction.tx()) != IdMap.UNKNOWN) {
      transactor.requireNotMoved(transaction.t());
      throw spokenOf(transaction);
    }
    Translation translation = translator.translate(transaction, schema, workingSet);
    // A batch, then a new look: what follows depends on where the target stands, and on nothing
    // else.
    for (long[] batch = toPrepare(transaction, translation);
        batch.length > 0;
        batch = toPrepare(transaction, translation)) {
      prepare(transaction, schema, batch);
      translation = translator.translate(transaction, schema, workingSet);
    }
    boolean roomy = isRoomy(transaction, translation);
    long[] newIds = translation.newIds().sorted();
    NewIds amongSchema = translation.amongSchema();
    List<Object> forms = originalIds(newIds, id -> !amongSchema.contains(id));
    if (roomy) {
      forms.addAll(ownForms(TxData.CURRENT_TRANSACTION, transaction, withMarker));
    }
    forms.addAll(translation.forms());
    forms.addAll(originalIds(newIds, amongSchema::contains));
    translator.restored(transaction);
    int bookkeeping = newIds.length + (roomy ? 2 : 1);
    boolean sendsMarker = roomy && withMarker;
    boolean mayBeMarkersFirst = isMarkerNew;
    isMarkerNew &= roomy && !withMarker;
    Translation sent = translation;
    send(
        transaction,
        new Step.Restoration(transaction.t(), forms, roomy),
        newIds,
        new Flight.Landing() {
          @Override
          public void committed(Committed committed) {
            learn(newIds, committed);
            learn(transaction.tx(), committed.tx());
            int datomCount = committed.datomCount() - bookkeeping;
            listener.restored(
                transaction,
                !sent.forecast().leavesOut()
                    && sent.forecast().agreesWith(committed.tuples())
                    && isAsForetold(transaction, sent, datomCount, sendsMarker, mayBeMarkersFirst));
          }

          @Override
          public RuntimeException refused(AnomalyException refusal) {
            return explained(refusal, transaction, sent, workingSet);
          }
        });
    if (!roomy) {
      transactor.transact(Completion.step(transaction.t(), true, instantOf(transaction, schema)));
    }
  }

  /**
   * The marker takes one datom when it is new, and two when it moves; which of them, only a restore
   * from the beginning knows. A log may hold a retraction twice: as somebody sent it, and as
   * Datomic added it.
   */
  private static boolean isAsForetold(
      Transaction transaction,
      Translation translation,
      int datomCount,
      boolean withMarker,
      boolean isMarkerNew) {
    OptionalInt foretold = translation.forecast().datomCount();
    if (foretold.isEmpty()) {
      return true;
    }
    int more = datomCount - foretold.getAsInt() - (withMarker ? 1 : 0);
    if (more < 0) {
      more += transaction.datoms().size() - new HashSet<>(transaction.datoms()).size();
    }
    return more == 0 || (withMarker && !isMarkerNew && more == 1);
  }

  /**
   * Datomic accepts facts about, and references to, a transaction that is still to come; what
   * stands for it in the target cannot become a transaction.
   */
  private static TargetNotRestorableException spokenOf(Transaction transaction) {
    return new TargetNotRestorableException(
        "Failed to restore t "
            + transaction.t()
            + ": an earlier transaction speaks of this one by its id",
        "exclude the attribute that holds the id; this cannot be replayed");
  }

  /** In flight, its ids are known to be on their way. */
  private void send(Transaction transaction, Step step, long[] newIds, Flight.Landing landing) {
    for (long source : newIds) {
      idsInFlight.add(source, transaction.t());
    }
    idsInFlight.add(transaction.tx(), transaction.t());
    transactor.transact(step, landing);
  }

  private RuntimeException explained(
      AnomalyException refused,
      Transaction transaction,
      Translation translation,
      WorkingSet workingSet) {
    if (refused.isDatabaseError(UNIQUE_CONFLICT) && !translation.rewrittenUniques().isEmpty()) {
      return new InvalidConfigurationException(
          "Failed to restore t "
              + transaction.t()
              + ": the rewrite of "
              + translation.rewrittenUniques()
              + " makes two entities equal",
          "rewrite a unique attribute so that different values stay different, or exclude it",
          refused);
    }
    return Predicates.mayExplain(refused)
        ? Predicates.explain(
            refused,
            transaction.t(),
            transactor.target(),
            targetAttributeIds(transaction, workingSet))
        : refused;
  }

  private static Set<Long> targetAttributeIds(Transaction transaction, WorkingSet workingSet) {
    Set<Long> ids = new HashSet<>();
    for (Datom datom : transaction.datoms()) {
      long target = workingSet.target(datom.a());
      if (target != IdMap.UNKNOWN) {
        ids.add(target);
      }
    }
    return ids;
  }

  private boolean isRoomy(Transaction transaction, Translation translation) {
    return transaction.datoms().size() + translation.newIds().size() + OWN_DATOM_COUNT
        <= datomCountMax;
  }

  /**
   * The source ids of the entities to make next in a transaction before; empty when none are left.
   */
  private long[] toPrepare(Transaction transaction, Translation translation) {
    if (isRoomy(transaction, translation)) {
      return translation.toBeMadeBefore().sorted();
    }
    return Arrays.stream(translation.newIds().sorted())
        .filter(id -> !Transaction.isAmongSchema(id)) // attributes and partitions, in one piece
        .limit(datomCountMax / 2)
        .toArray();
  }

  private void prepare(Transaction transaction, Schema schema, long[] batch) {
    List<Object> forms = originalIds(batch, id -> true);
    forms.add(
        TxData.add(
            TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, instantOf(transaction, schema)));
    learn(batch, transactor.transact(new Step.Preparation(transaction.t(), forms)));
  }

  /** In ascending order, so that neighbours in the source become neighbours in the target. */
  private static List<Object> originalIds(long[] ids, LongPredicate which) {
    List<Object> forms = new ArrayList<>();
    for (long id : ids) {
      if (which.test(id)) {
        forms.add(TxData.add(NewIds.tempid(id), Bookkeeping.ORIGINAL_ID, id));
      }
    }
    return forms;
  }

  private static List<Object> ownForms(Object tx, Transaction transaction, boolean withMarker) {
    Object originalId = TxData.add(tx, Bookkeeping.ORIGINAL_ID, transaction.tx());
    return withMarker
        ? List.of(originalId, Completion.marker(transaction.t()))
        : List.of(originalId);
  }

  private void learn(long[] newIds, Committed committed) {
    for (long source : newIds) {
      Long target = committed.entities().get(NewIds.tempid(source));
      if (target == null) {
        throw new IllegalStateException("Datomic did not tell the new id of a tempid");
      }
      learn(source, target);
    }
  }

  private void learn(long source, long target) {
    idsInFlight.remove(source);
    Objects.requireNonNull(learning).learn(source, target);
  }

  private static Object instantOf(Transaction transaction, Schema schema) {
    return TransactionDates.in(transaction, schema).map(Date::from).orElse(Installation.EPOCH);
  }
}
