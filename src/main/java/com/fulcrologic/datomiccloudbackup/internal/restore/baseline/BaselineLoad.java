package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.fold.Spill;
import com.fulcrologic.datomiccloudbackup.internal.fold.SpilledDatoms;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSender.Count;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Mentions;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import com.fulcrologic.datomiccloudbackup.internal.restore.lookup.TargetReader;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues.Question;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translation;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translator;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Loads a state into a target that holds nothing but a claim: everything but the datoms of, and the
 * references to, the state's last transaction, which the caller restores as such. All control flow
 * of a load is here, from top to bottom. One thread.
 */
public final class BaselineLoad {
  private final State state;
  private final Spill spill;
  private final Translator translator;
  private final TargetReader reader;
  private final IdMap idMap;
  private final BatchSender sender;
  private final BatchSizes sizes;
  private final LongConsumer progress;
  private final StateReading reading;
  private final List<Datom> ofLast = new ArrayList<>();
  private final NewIds madeAmongSchema = new NewIds();
  private long number;
  private long datomCount;

  /**
   * @param sizes the same for a target from its first batch to its last
   * @param progress is passed the number of the state's datoms that are done
   */
  public BaselineLoad(
      State state,
      Spill spill,
      Translator translator,
      TargetReader reader,
      IdMap idMap,
      BatchSender sender,
      BatchSizes sizes,
      LongConsumer progress) {
    this.state = state;
    this.spill = spill;
    this.translator = translator;
    this.reader = reader;
    this.idMap = idMap;
    this.sender = sender;
    this.sizes = sizes;
    this.progress = progress;
    this.reading = new StateReading(state, translator);
  }

  /**
   * The state's last transaction.
   *
   * @param datomCount how many datoms Datomic is to log for the forms and the transaction's date
   */
  public record LastTransaction(List<Object> forms, int datomCount) {}

  /**
   * Loads all batches that are not in the target yet.
   *
   * @return the state's last transaction itself: its date, what is said of it, and the references
   *     to it
   */
  public LastTransaction load() {
    SchemaPart schema = new SchemaPart(state, reading);
    ofLast.addAll(schema.ofLast);
    sendAmongSchema(schema.valueTypes);
    schema.attributeBatches().forEach(this::define);
    sizes.cut(schema.alterations.iterator(), this::sendAlone);
    schema.renamings().forEach(this::sendAlone);
    makeReferredAmongSchema(schema.rest);
    sendAmongSchema(schema.rest);
    makeSilentAmongSchema(schema);
    try (PutOff putOff = new PutOff(spill, reading, schema)) {
      schema.later.forEach(putOff::add);
      sendEntities(schema, putOff);
      // sent with the last transaction
      ofLast.forEach(datom -> putOff.mentioned.add(reading.references(datom)));
      makeMentioned(schema, putOff.mentioned);
      sendAll(putOff.references, reading.schema(), Count.EACH);
      for (List<Datom> definition : schema.composites()) {
        long composite = definition.get(0).e();
        define(definition);
        sendAll(putOff.composites(composite), schema.schemaThrough(composite), Count.EACH);
      }
      // Datomic adds composites to the former, and the latter then find some there.
      sendAll(putOff.afterComposites, reading.schema(), Count.IN_SUM);
      sendAll(putOff.compositesOfLate, reading.schema(), Count.IN_SUM);
    }
    sender.awaitAll();
    sizes.cut(schema.predicates.iterator(), this::sendAlone);
    sizes.cut(schema.unnamings().iterator(), this::sendAlone);
    return new LastTransaction(
        translated(reading.transaction(ofLast, reading.lastTx()), reading.schema()).forms(),
        countOf(ofLast) + 1);
  }

  /** Defines attributes: what defines them comes last, after their original ids. */
  private void define(List<Datom> definitions) {
    NewIds made = new NewIds();
    definitions.forEach(datom -> made.add(datom.e()));
    sendSchema(definitions, made.sorted(), false);
  }

  private void sendAlone(List<Datom> datoms) {
    sendSchema(datoms, new long[0], false);
  }

  /**
   * Datomic makes an entity among the schema only if an entity of the schema refers to it, before
   * anything else is said of it.
   */
  private void sendAmongSchema(List<Datom> datoms) {
    if (datoms.isEmpty()) {
      return;
    }
    NewIds made = new NewIds();
    datoms.forEach(datom -> addAmongSchema(datom.e(), made));
    sendSchema(datoms, made.sorted(), true);
  }

  /** Those to which these datoms refer, and of which they say nothing. */
  private void makeReferredAmongSchema(List<Datom> datoms) {
    NewIds said = new NewIds();
    datoms.forEach(datom -> said.add(datom.e()));
    NewIds made = new NewIds();
    datoms.stream()
        .flatMap(datom -> reading.references(datom).stream())
        .filter(id -> !said.contains(id))
        .forEach(id -> addAmongSchema(id, made));
    makeSilent(made);
  }

  /** Those of which everything is said later. */
  private void makeSilentAmongSchema(SchemaPart schema) {
    NewIds made = new NewIds();
    schema.firstEntities.forEach(id -> addAmongSchema(id, made));
    makeSilent(made);
  }

  /** Returns when they are in the target: what is sent next may refer to them. */
  private void makeSilent(NewIds made) {
    if (made.size() > 0) {
      send(List.of(), made.sorted(), Map.of());
      sender.awaitAll();
    }
  }

  private void addAmongSchema(long id, NewIds made) {
    if (!reading.isBuiltIn(id)
        && reading.schema().attribute(id) == null
        && !madeAmongSchema.contains(id)) {
      made.add(id);
      madeAmongSchema.add(id);
    }
  }

  private void sendEntities(SchemaPart schema, PutOff putOff) {
    try (Stream<Datom> datoms = state.datoms()) {
      EntityBatches batches = batches(datoms, schema);
      while (batches.hasNext()) {
        EntityBatches.Batch batch = batches.next();
        if (batch.continues) {
          sender.awaitAll();
        }
        if (batch.made.size() > 0 || !batch.now.isEmpty()) {
          send(batch.now, batch.made.sorted(), batch.instants);
        }
        batch.later.forEach(putOff::add);
        batch.composites.forEach(putOff::add);
        ofLast.addAll(batch.ofLast);
        done(batch.now.size());
      }
    }
    sender.awaitAll();
  }

  private EntityBatches batches(Stream<Datom> datoms, SchemaPart schema) {
    return new EntityBatches(datoms.iterator(), reading, schema.firstEntities, sizes);
  }

  /** Makes the entities that are only referred to, and the transactions among them. */
  private void makeMentioned(SchemaPart schema, MentionedOnly mentioned) {
    List<Long> made = new ArrayList<>();
    Map<Long, Date> instants = new HashMap<>();
    Runnable sending =
        () -> {
          send(List.of(), made.stream().mapToLong(id -> id).sorted().toArray(), instants);
          made.clear();
          instants.clear();
        };
    try (Stream<Datom> datoms = state.datoms()) {
      mentioned.match(
          batches(datoms, schema),
          schema.entities,
          (id, instant) -> {
            if (id == reading.lastTx()) {
              return;
            }
            made.add(id);
            instant.ifPresent(date -> instants.put(id, date));
            if (made.size() >= sizes.datomCount()) {
              sending.run();
            }
          });
    }
    if (!made.isEmpty()) {
      sending.run();
    }
    sender.awaitAll();
  }

  /** Sends datoms of entities that are all known. */
  private void sendAll(SpilledDatoms.Writer file, Schema schema, Count count) {
    try (Stream<Datom> datoms = file.finish().stream(0)) {
      sizes.cut(
          datoms.iterator(),
          batch -> {
            send(batch, new long[0], Map.of(), false, schema, count);
            done(batch.size());
          });
    }
    sender.awaitAll();
  }

  private void done(int count) {
    datomCount += count;
    progress.accept(datomCount);
  }

  private void send(List<Datom> datoms, long[] made, Map<Long, Date> instants) {
    send(datoms, made, instants, false, reading.schema(), Count.EACH);
  }

  /** Sends datoms among the schema alone; uncounted, since Datomic adds its own to them. */
  private void sendSchema(List<Datom> datoms, long[] made, boolean originalIdsLast) {
    send(datoms, made, Map.of(), originalIdsLast, reading.schema(), Count.NONE);
    sender.awaitAll();
  }

  /**
   * Sends the next batch, unless it is in the target.
   *
   * @param instants dates of source transactions among them
   * @param originalIdsLast whether the datoms come before the original ids
   */
  private void send(
      List<Datom> datoms,
      long[] made,
      Map<Long, Date> instants,
      boolean originalIdsLast,
      Schema schema,
      Count count) {
    number++;
    // The datoms, the new entities' bookkeeping, and the transaction's own number and date.
    int logCount = countOf(datoms) + made.length + instants.size() + 2;
    if (sender.isLanded(number)) {
      sender.recount(number, count, logCount);
      return;
    }
    Translated translated = translated(reading.transaction(datoms, StateReading.BATCH), schema);
    List<Object> forms = new ArrayList<>();
    List<Object> bookkeeping = new ArrayList<>();
    for (long id : made) {
      bookkeeping.add(TxData.add(NewIds.tempid(id), Bookkeeping.ORIGINAL_ID, id));
    }
    instants.forEach(
        (id, date) ->
            bookkeeping.add(TxData.add(NewIds.tempid(id), Bookkeeping.ORIGINAL_INSTANT, date)));
    if (!originalIdsLast) {
      forms.addAll(bookkeeping);
    }
    forms.addAll(translated.forms());
    if (originalIdsLast) {
      forms.addAll(bookkeeping);
    }
    translator.partitions(schema, translated.ids()).form(made).ifPresent(forms::add);
    sender.send(number, forms, made, count, logCount);
  }

  private int countOf(List<Datom> datoms) {
    return (int)
        datoms.stream()
            .filter(datom -> !translator.isEmptyComposite(datom, reading.schema()))
            .count();
  }

  private record Translated(List<Object> forms, WorkingSet ids) {}

  private Translated translated(Transaction transaction, Schema schema) {
    WorkingSet ids = new WorkingSet(idMap, schema);
    Mentions.in(transaction, schema, ids::add);
    reader.lookUp(ids.toLookUp(), ids);
    Selection selection = translator.select(transaction, schema);
    List<Question> questions = translator.questions(selection, ids);
    PresentValues present = PresentValues.NONE;
    if (!questions.isEmpty()) {
      sender.awaitAll();
      present = reader.answer(questions, ids);
    }
    Translation translation = translator.translate(selection, ids, present);
    return new Translated(translation.forms(), ids);
  }
}
