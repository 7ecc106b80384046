package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Mentions;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translator;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * How the datoms of a state are read: as those of a transaction, at the state's date, that asserts
 * them all. Immutable.
 */
final class StateReading {
  /** Stands for the batch's own transaction; no transaction of a source has this id. */
  static final long BATCH = Transaction.entityId((1L << Transaction.INDEX_BITS) - 1);

  private final State.Of of;
  private final Schema schema;
  private final Translator translator;
  private final boolean isRestored;

  StateReading(State state, Translator translator) {
    this.of = state.of();
    this.schema = state.schema();
    this.translator = translator;
    this.isRestored = schema.attributeNamed(Bookkeeping.SOURCE_T) != null;
  }

  Schema schema() {
    return schema;
  }

  /** The entity of the state's last transaction. */
  long lastTx() {
    return of.tx();
  }

  /** Datoms of the state as a transaction with this entity. */
  Transaction transaction(List<Datom> datoms, long tx) {
    List<Datom> dated = new ArrayList<>(datoms.size() + 1);
    Attribute instant = schema.attributeNamed(BuiltIns.TX_INSTANT);
    if (instant != null && of.instant().toEpochMilli() > 0) {
      dated.add(new Datom(tx, instant.id(), Date.from(of.instant()), tx, true));
    }
    dated.addAll(datoms);
    return new Transaction(of.t(), tx, dated);
  }

  /** Those of the datoms that the target has to hold. */
  List<Datom> kept(List<Datom> datoms) {
    Selection selection = translator.select(transaction(datoms, BATCH), schema);
    return selection.kept().stream()
        .filter(datom -> datom.e() != BATCH && !isClaim(datom) && !isOfForeignBuiltIn(datom))
        .toList();
  }

  /**
   * Whether a datom speaks of a built-in that the target lacks. The source's bootstrap does so; a
   * user's datom of that kind is refused before a load begins.
   */
  private boolean isOfForeignBuiltIn(Datom datom) {
    if (!isBuiltIn(datom.e())) {
      return false;
    }
    Attribute attribute = schema.attribute(datom.a());
    boolean isRef = attribute != null && attribute.isRef();
    return translator.isForeignBuiltIn(datom.e(), schema)
        || (isRef && datom.v() instanceof Long id && translator.isForeignBuiltIn(id, schema));
  }

  /** An earlier restore's note on a bootstrap transaction, if the source is itself restored. */
  private boolean isClaim(Datom datom) {
    return isRestored
        && isTransaction(datom.e())
        && BuiltIns.DOC.equals(schema.builtIn(datom.a()))
        && datom.v() instanceof String text
        && text.startsWith("{:format ");
  }

  boolean is(Datom datom, Keyword builtIn) {
    return builtIn.equals(schema.builtIn(datom.a()));
  }

  boolean isComposite(Datom datom) {
    Attribute attribute = schema.attribute(datom.a());
    return attribute != null && attribute.isComposite();
  }

  /** The date that a datom gives to a transaction. */
  boolean isDate(Datom datom) {
    return isTransaction(datom.e()) && is(datom, BuiltIns.TX_INSTANT);
  }

  /** Whether a value must wait for its entity, which a tempid might confuse with another one. */
  boolean mayMeet(Datom datom) {
    Attribute attribute = schema.attribute(datom.a());
    return attribute != null && translator.rewritesUnique(attribute);
  }

  static boolean isTransaction(long entity) {
    return Transaction.partition(entity) == Transaction.partition(Transaction.entityId(0));
  }

  boolean isBuiltIn(long entity) {
    return schema.builtIn(entity) != null;
  }

  /** Whether a value refers to the state's last transaction, or may do so within a composite. */
  boolean mentionsLast(Datom datom) {
    return isComposite(datom)
        ? ((List<?>) datom.v()).contains(lastTx())
        : references(datom).contains(lastTx());
  }

  /** The entities to which a value refers, built-ins left out. */
  List<Long> references(Datom datom) {
    Attribute attribute = schema.attribute(datom.a());
    if (attribute == null || !(attribute.isRef() || attribute.hasRefElements())) {
      return List.of();
    }
    List<Long> references = new ArrayList<>();
    Mentions.references(
        datom.v(),
        attribute,
        id -> {
          if (!isBuiltIn(id)) {
            references.add(id);
          }
        });
    return references;
  }
}
