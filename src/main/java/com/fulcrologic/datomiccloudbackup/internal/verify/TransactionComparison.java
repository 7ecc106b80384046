package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.verify.Findings.Place;
import com.fulcrologic.datomiccloudbackup.internal.verify.TransactionFacts.Fact;
import com.fulcrologic.datomiccloudbackup.internal.verify.TransactionFacts.Slot;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares one restored transaction with its source's, in the target's ids. Used once. */
final class TransactionComparison {
  private final Sides sides;
  private final Schema schema;
  private final Transaction original;
  private final Transaction found;
  private final Place place;
  private final Set<Long> unmapped = new HashSet<>();
  private boolean isDated;

  TransactionComparison(Sides sides, Transaction original, Transaction found) {
    this.sides = sides;
    this.schema = sides.source().schema();
    this.original = original;
    this.found = found;
    this.place = Place.both(original.t(), found.t());
  }

  void run() {
    TransactionFacts wantedContent = wantedContent();
    TransactionFacts foundContent = foundContent();
    wantedContent.compare(foundContent, this::report);
    compareSlots(wantedContent, foundContent);
  }

  private TransactionFacts wantedContent() {
    TransactionFacts content = new TransactionFacts();
    for (Datom datom : sides.source().content(original, sides.target().baseSchema())) {
      if (!sides.filters().excludes(datom.a())) {
        addWanted(datom, content);
      }
    }
    Long txInstant = sides.target().baseSchema().id(BuiltIns.TX_INSTANT);
    if (!isDated && txInstant != null) { // the first bootstrap transactions
      Datom epoch = new Datom(found.tx(), txInstant, TransactionDates.EPOCH, found.tx(), true);
      content.add(Fact.of(epoch), epoch);
    }
    return content;
  }

  private void addWanted(Datom datom, TransactionFacts content) {
    isDated |= datom.e() == original.tx() && BuiltIns.TX_INSTANT.equals(schema.builtIn(datom.a()));
    if (isValueUnknown(datom.a())) {
      addWithoutValue(datom, content);
    } else {
      content.add(new Fact(id(datom.e()), id(datom.a()), value(datom), datom.added()), datom);
    }
  }

  /** The target need not contain an entity whose values were all excluded. */
  private void addWithoutValue(Datom datom, TransactionFacts content) {
    Attribute attribute = schema.attribute(datom.a());
    boolean isRewritten = sides.filters().rewrites(datom.a());
    if (!isRewritten && lookUp(datom.e()) == IdPairs.NONE) {
      sides.findings().addWithoutValue(1, 1);
      return;
    }
    long a = id(datom.a());
    content.addWithoutValue(new Slot(id(datom.e()), a, datom.added()), datom);
    if (isRewritten && attribute != null && !attribute.many()) {
      content.requireStrict(a);
    }
  }

  private Object value(Datom datom) {
    Object typed = TypedValues.typed(datom.v(), schema.attribute(datom.a()), schema);
    return Values.canonical(sides.source().mapReferences(datom.a(), typed, this::id));
  }

  private long id(long sourceId) {
    long target = lookUp(sourceId);
    sides.target().unclaimedIds().remove(sourceId);
    if (target == IdPairs.NONE && unmapped.add(sourceId)) {
      sides.findings().add(Kind.NOT_MAPPED, place, sourceId, IdPairs.NONE, null);
    }
    return target;
  }

  private long lookUp(long sourceId) {
    if (sourceId == original.tx()) {
      return found.tx();
    }
    Keyword builtIn = schema.builtIn(sourceId);
    Long target = builtIn == null ? null : sides.target().baseSchema().id(builtIn);
    return target == null ? sides.ids().target(sourceId) : target;
  }

  private TransactionFacts foundContent() {
    TransactionFacts content = new TransactionFacts();
    for (Datom datom : found.datoms()) {
      if (sides.target().isOwn(datom)) {
        continue;
      }
      long attribute = sourceAttribute(datom.a());
      if (sides.filters().excludes(attribute)) {
        report(Kind.EXCLUDED, null, datom);
      } else if (isValueUnknown(attribute)) {
        content.addWithoutValue(Fact.of(datom).slot(), datom);
      } else {
        content.add(Fact.of(datom), datom);
      }
    }
    return content;
  }

  private long sourceAttribute(long targetAttribute) {
    Keyword builtIn = sides.target().schema().builtIn(targetAttribute);
    Attribute named = builtIn == null ? null : schema.attributeNamed(builtIn);
    return named == null ? sides.ids().source(targetAttribute) : named.id();
  }

  /** Whether a filter changes the attribute's values in an unpredictable way. */
  private boolean isValueUnknown(long sourceAttribute) {
    return sides.filters().changes(sourceAttribute)
        || (sides.filters().sparesAlterations()
            && BuiltIns.ALTER_ATTRIBUTE.equals(schema.builtIn(sourceAttribute)));
  }

  private void report(Kind kind, @Nullable Datom wanted, @Nullable Datom there) {
    if (wanted != null) {
      long target = there == null ? sides.ids().target(wanted.e()) : there.e();
      Object value = there == null ? null : there.v();
      String attribute = schema.identText(wanted.a());
      sides.findings().add(kind, place, wanted.e(), target, attribute, wanted.v(), value);
    } else if (there != null) {
      sides.target().report(kind, place, there);
    }
  }

  private void compareSlots(TransactionFacts wanted, TransactionFacts there) {
    Set<Slot> slots = new HashSet<>(wanted.slots().keySet());
    slots.addAll(there.slots().keySet());
    for (Slot slot : slots) {
      int count = there.count(slot);
      int expected = wanted.count(slot);
      sides.findings().addWithoutValue(expected, Math.max(0, expected - count));
      if (!wanted.allows(slot, there)) {
        Kind kind = count > expected ? Kind.EXTRA : Kind.MISSING;
        String attribute = sides.target().schema().identText(slot.a());
        sides.findings().add(kind, place, sides.ids().source(slot.e()), slot.e(), attribute);
      }
    }
  }
}
