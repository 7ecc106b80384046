package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupException.Place;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdsInFlight;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Mentions;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import com.fulcrologic.datomiccloudbackup.internal.restore.lookup.TargetReader;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.Pipeline;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.Pipeline.Landed;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.NewEntities;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues.Question;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translation;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translator;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replays the part of one segment that the target lacks. All control flow of a restore is here,
 * from top to bottom: take a handful of transactions, collect the ids that they mention, look up
 * the unknown ones; then, for each transaction, wait for those in flight, prepare the entities that
 * must be made before, translate, send, and learn the new ids of those that have landed. One
 * thread.
 */
final class SegmentReplay {
  private final Translator translator;
  private final TargetReader reader;
  private final IdMap idMap;
  private final Pipeline pipeline;
  private final Tally tally;
  private final int datomCountMax;
  private final IdsInFlight idsInFlight = new IdsInFlight();
  private final Deque<Sent> sent = new ArrayDeque<>(); // not landed yet
  private WorkingSet ids; // of the current handful
  private boolean isMarkerNew;

  /** A step on its way, and what it restores, unless it is bookkeeping alone. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sent(Step step, long[] newIds, @Nullable Restored restored) {}

  /**
   * A source transaction on its way.
   *
   * @param bookkeepingCount how many datoms of the target's transaction are bookkeeping, at least
   * @param spareCount how many more may be: the marker retracts its old value, if there is one
   */
  private record Restored(
      Selection selection, Translation translation, int bookkeepingCount, int spareCount) {}

  SegmentReplay(
      Translator translator,
      TargetReader reader,
      IdMap idMap,
      Pipeline pipeline,
      Tally tally,
      int datomCountMax) {
    this.translator = translator;
    this.reader = reader;
    this.idMap = idMap;
    this.pipeline = pipeline;
    this.tally = tally;
    this.datomCountMax = datomCountMax;
    this.ids = new WorkingSet(idMap, new Schema());
    this.isMarkerNew = pipeline.position().isNothingRestored();
  }

  /**
   * Replays the part.
   *
   * @param lastT the last t to restore, which is in the segment
   * @param schemaCheck is passed the schema as of the target's position
   */
  RestoredSegment replay(Segment segment, long lastT, Consumer<Schema> schemaCheck) {
    Schema schema = segment.schemaAtStart();
    try (HandfulReader log = new HandfulReader(segment, schema, lastT)) {
      Transaction next = log.firstAfter(pipeline.position().sourceT());
      schemaCheck.accept(schema);
      tally.begin(new TxRange(next.t(), lastT + 1));
      while (true) {
        List<Transaction> handful = log.handful(next);
        restore(handful, schema, lastT);
        if (!log.hasNext(handful.get(handful.size() - 1))) {
          break;
        }
        tally.report();
        next = log.next();
      }
      awaitAll();
      tally.report();
      return tally.outcome();
    }
  }

  private void restore(List<Transaction> handful, Schema schema, long lastT) {
    collectIds(handful, schema);
    for (Transaction transaction : handful) {
      schema.learnBuiltIns(transaction);
      BackupException.at(
          Place.ofT(transaction.t()), () -> restore(transaction, schema, transaction.t() == lastT));
      schema.apply(transaction);
      tally.sent(transaction, schema);
    }
  }

  /** Every id is looked up before it is used, so that none is taken for new by mistake. */
  private void collectIds(List<Transaction> handful, Schema schema) {
    ids = new WorkingSet(idMap, schema);
    for (Transaction transaction : handful) {
      Mentions.in(transaction, schema, ids::add);
    }
    reader.lookUp(ids.toLookUp(), ids);
  }

  /**
   * Restores the transaction that follows those sent before. They may still be in flight, and so
   * may this one be afterwards.
   *
   * @param schema as of before it, with the built-ins that it brings
   * @param withMarker whether it is the last one of a segment or a call
   */
  private void restore(Transaction transaction, Schema schema, boolean withMarker) {
    awaitIds(transaction, schema);
    requireNotMentionedBefore(transaction);
    Selection selection = translator.select(transaction, schema);
    TransactionSteps steps =
        new TransactionSteps(
            transaction, schema, translator.partitions(schema, ids), datomCountMax);
    NewEntities made = prepare(steps, selection);
    PresentValues present = answer(translator.questions(selection, ids));
    Translation translation = translator.translate(selection, ids, present);
    send(
        new Sent(
            steps.restoration(translation, made, withMarker),
            made.all().sorted(),
            restored(selection, translation, made, steps.isRoomy(made), withMarker)));
    steps.completion(made).ifPresent(this::sendAlone);
  }

  private Restored restored(
      Selection selection,
      Translation translation,
      NewEntities made,
      boolean isRoomy,
      boolean withMarker) {
    boolean sendsMarker = isRoomy && withMarker;
    int count = made.all().size() + (isRoomy ? 2 : 1) + (sendsMarker ? 1 : 0);
    int spareCount = sendsMarker && !isMarkerNew ? 1 : 0;
    isMarkerNew &= isRoomy && !withMarker;
    return new Restored(selection, translation, count, spareCount);
  }

  /**
   * Datomic accepts facts about, and references to, a transaction that is still to come. An entity
   * made for such a reference cannot become a transaction.
   */
  private void requireNotMentionedBefore(Transaction transaction) {
    if (ids.target(transaction.tx()) == IdMap.UNKNOWN) {
      return;
    }
    await(() -> pipeline.requireNotMoved(transaction.t()));
    throw new TargetNotRestorableException(
        "Failed to restore t " + transaction.t() + ": an earlier transaction mentions its id",
        "exclude the attribute that holds the id; this cannot be replayed");
  }

  private void awaitIds(Transaction transaction, Schema schema) {
    long maker = idsInFlight.latestMaker(transaction, schema);
    if (maker != IdsInFlight.NONE) {
      await(() -> pipeline.awaitThrough(maker));
    }
  }

  /** Prepares batch after batch: the next one depends on the target's position alone. */
  private NewEntities prepare(TransactionSteps steps, Selection selection) {
    while (true) {
      NewEntities made = translator.newEntities(selection, ids);
      long[] batch = steps.toPrepare(made);
      if (batch.length == 0) {
        return made;
      }
      awaitAll();
      send(new Sent(steps.preparation(batch), batch, null));
      awaitAll();
    }
  }

  private PresentValues answer(List<Question> questions) {
    if (questions.isEmpty()) {
      return PresentValues.NONE;
    }
    awaitAll();
    return reader.answer(questions, ids);
  }

  private void sendAlone(Step step) {
    awaitAll();
    send(new Sent(step, new long[0], null));
    awaitAll();
  }

  private void awaitAll() {
    await(pipeline::awaitAll);
  }

  private void send(Sent next) {
    for (long source : next.newIds()) {
      idsInFlight.add(source, next.step().t());
    }
    if (next.restored() != null) {
      idsInFlight.add(Transaction.entityId(next.step().t()), next.step().t());
    }
    sent.add(next);
    await(() -> pipeline.send(next.step()));
  }

  /** Lets the pipeline work, and learns the ids of the steps that have landed. */
  private void await(Runnable work) {
    try {
      work.run();
    } catch (AnomalyException refusal) {
      Step refused = pipeline.refused();
      if (refused == null) {
        throw refusal;
      }
      BackupException.at(
          Place.ofT(refused.t()),
          () -> {
            throw explained(refusal);
          });
    } finally {
      pipeline.takeLanded().forEach(this::learn);
    }
  }

  private RuntimeException explained(AnomalyException refusal) {
    for (Sent each : sent) {
      Restored restored = each.restored();
      if (each.step() == pipeline.refused() && restored != null) {
        return Refusals.explain(refusal, restored.selection(), translator, ids, reader.target());
      }
    }
    return refusal;
  }

  private void learn(Landed landed) {
    Sent known = sent.removeFirst();
    for (long source : known.newIds()) {
      Long target = landed.entities().get(NewIds.tempid(source));
      if (target == null) {
        throw new IllegalStateException("Datomic did not report the new id of a tempid");
      }
      learn(source, target);
    }
    Restored restored = known.restored();
    if (restored != null) {
      Transaction transaction = restored.selection().transaction();
      learn(transaction.tx(), landed.tx());
      tally.restored(
          transaction,
          restored
              .translation()
              .isMet(
                  transaction,
                  landed.datomCount() - restored.bookkeepingCount(),
                  restored.spareCount(),
                  landed.tuples()));
    }
  }

  private void learn(long source, long target) {
    idsInFlight.remove(source);
    ids.learn(source, target);
  }
}
