package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import java.util.List;
import java.util.function.LongConsumer;

/** The ids of all entities that a transaction mentions, built-ins included. */
public final class Mentions {
  private final Schema schema;
  private final LongConsumer sink;

  private final boolean hasPartitions;

  private Mentions(Schema schema, LongConsumer sink) {
    this.schema = schema;
    this.sink = sink;
    this.hasPartitions = TargetLimits.isPro(schema);
  }

  /**
   * Passes every id to the sink, some of them several times.
   *
   * @param schema as of the transaction, or before transactions that define no attribute
   */
  public static void in(Transaction transaction, Schema schema, LongConsumer sink) {
    Mentions mentions = new Mentions(schema, sink);
    for (Datom datom : transaction.datoms()) {
      mentions.entity(datom.e());
      sink.accept(datom.a());
      mentions.value(datom);
    }
  }

  /** An entity, and its partition: a new entity has to be made in that. */
  private void entity(long id) {
    sink.accept(id);
    if (hasPartitions && Transaction.isNamedPartition(Transaction.partition(id))) {
      sink.accept(Transaction.partition(id));
    }
  }

  private void value(Datom datom) {
    if (!(datom.v() instanceof Long || datom.v() instanceof List<?>)) {
      return;
    }
    Attribute attribute = schema.attribute(datom.a());
    if (attribute != null && attribute.isComposite()) {
      composite((List<?>) datom.v(), attribute);
    } else if (attribute != null) {
      references(datom.v(), attribute, this::entity);
    }
  }

  /** Passes each id to which a value of the attribute refers; none for a composite. */
  public static void references(Object value, Attribute attribute, LongConsumer sink) {
    if (value instanceof Long id && attribute.isRef()) {
      sink.accept(id);
    } else if (value instanceof List<?> elements && attribute.hasRefElements()) {
      for (int i = 0; i < elements.size(); i++) {
        if (elements.get(i) instanceof Long id && attribute.isRefElement(i)) {
          sink.accept(id);
        }
      }
    }
  }

  /** The translation may touch a component, which the composite's datom does not name. */
  private void composite(List<?> elements, Attribute composite) {
    for (int i = 0; i < elements.size(); i++) {
      Attribute component = schema.attributeNamed(composite.tupleAttrs().get(i));
      if (component != null) {
        sink.accept(component.id());
        if (component.isRef() && elements.get(i) instanceof Long id) {
          sink.accept(id);
        }
      }
    }
  }
}
