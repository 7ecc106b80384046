package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Mentions;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids and values of one source transaction in the target's terms. An id becomes the transaction
 * itself, a built-in, an entity of the target, or the tempid of a new one.
 */
record TargetTerms(
    Selection selection, BaseSchema baseSchema, AttributeFilter filter, WorkingSet ids) {

  /** The id in the target: a Long or a tempid. */
  Object id(long source) {
    long target = ids.target(source);
    if (target != IdMap.UNKNOWN) {
      return target;
    }
    if (source == selection.transaction().tx()) {
      return TxData.CURRENT_TRANSACTION;
    }
    Keyword builtIn = selection.schema().builtIn(source);
    return builtIn == null ? NewIds.tempid(source) : builtIn(builtIn);
  }

  /** An attribute is in the target before its first value: Datomic accepts no tempid for it. */
  Object attributeId(long source) {
    Object id = id(source);
    if (id instanceof String) {
      throw new IllegalStateException(
          "t "
              + selection.transaction().t()
              + " uses attribute "
              + source
              + ", which is not in the target");
    }
    return id;
  }

  boolean isNew(long source) {
    return ids.target(source) == IdMap.UNKNOWN
        && source != selection.transaction().tx()
        && selection.schema().builtIn(source) == null;
  }

  Object value(Datom datom, @Nullable Attribute attribute) {
    if (attribute == null) {
      return datom.v();
    }
    if (attribute.isRef()) {
      return id((Long) datom.v());
    }
    Object value = rewritten(datom, attribute);
    return attribute.hasRefElements() ? tuple((List<?>) value, attribute) : value;
  }

  /** One element of a composite, as the value of its component. */
  Object component(Attribute component, Object element) {
    return component.isRef() ? id((Long) element) : filter.rewrite(component.id(), element);
  }

  /** The source ids to which the datom's value refers in the target. */
  List<Long> references(Datom datom, @Nullable Attribute attribute) {
    if (attribute != null && attribute.isRef()) {
      return List.of((Long) datom.v());
    }
    if (attribute == null || !attribute.hasRefElements()) {
      return List.of();
    }
    List<Long> references = new ArrayList<>();
    Mentions.references(rewritten(datom, attribute), attribute, references::add);
    return references;
  }

  /**
   * The rewritten value, with the source's ids. A rewrite may leave a reference out, but not change
   * it.
   */
  private Object rewritten(Datom datom, Attribute attribute) {
    Object value = TypedValues.typed(datom.v(), attribute, selection.schema());
    Object rewritten = filter.rewrite(attribute.id(), value);
    if (rewritten != value && attribute.hasRefElements()) {
      List<?> before = (List<?>) value;
      List<?> after = (List<?>) rewritten;
      for (int i = 0; i < after.size(); i++) {
        Object element = after.get(i);
        if (element != null
            && attribute.isRefElement(i)
            && (i >= before.size() || !element.equals(before.get(i)))) {
          throw AttributeFilter.redirects(attribute, selection.transaction().t());
        }
      }
    }
    return rewritten;
  }

  private Object tuple(List<?> elements, Attribute attribute) {
    List<@Nullable Object> mapped = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      boolean isReference = elements.get(i) != null && attribute.isRefElement(i);
      mapped.add(isReference ? id((Long) elements.get(i)) : elements.get(i));
    }
    return PersistentVector.create(mapped);
  }

  private Long builtIn(Keyword ident) {
    @Nullable Long id = baseSchema.id(ident);
    if (id == null) {
      throw new TargetNotRestorableException(
          "Failed to restore t %s: it uses %s, which the target's base schema lacks"
              .formatted(selection.transaction().t(), ident),
          "restore into a newer Datomic, or exclude the attribute that needs it");
    }
    return id;
  }
}
