package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.BigInt;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection.Selected;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes Datomic compute the composites that a source transaction holds. A composite follows from
 * its components. If the transaction has no datom of a component, its author asserted one that was
 * there already. To assert it again gives the composite again.
 */
record Composites(Selection selection, TargetTerms terms, AttributeFilter filter) {
  /** Adds the questions that {@link #touch} will ask. */
  void ask(List<Question> questions) {
    if (!selection.hasComposites()) {
      return;
    }
    for (Selected selected : selection.datoms()) {
      Attribute attribute = selected.attribute();
      if (attribute != null && attribute.isComposite()) {
        ask(selected.datom(), attribute, questions);
      }
    }
  }

  private void ask(Datom datom, Attribute composite, List<Question> questions) {
    if (!(terms.id(datom.e()) instanceof Long entity)) {
      return; // has no values yet
    }
    List<?> values = (List<?>) datom.v();
    boolean mayTouchAny =
        !selection.shape().touchesComponent(datom.e(), composite)
            && free(datom.e(), composite, values) < 0;
    for (int i = 0; i < values.size(); i++) {
      Attribute component = component(composite, i);
      if (component == null || values.get(i) == null) {
        continue;
      }
      boolean mayTouchTwin =
          hasTwins(values.get(i)) && !selection.shape().mentions(datom.e(), component.id());
      if (mayTouchTwin && component.unique() != null) {
        questions.add(new Question(entity, component.id(), null));
      }
      if (mayTouchTwin || mayTouchAny) {
        for (Attribute other : compositesNotHeld(datom.e(), component)) {
          questions.add(new Question(entity, other.id(), null));
        }
      }
    }
  }

  /** Adds the forms that make Datomic compute this composite. */
  void touch(Datom datom, Attribute composite, PresentValues present, List<Object> forms) {
    List<?> values = (List<?>) datom.v();
    if (!selection.shape().touchesComponent(datom.e(), composite)) {
      touchBest(datom.e(), composite, values, present, forms);
    }
    for (int i = 0; i < values.size(); i++) {
      if (hasTwins(values.get(i))) {
        touchTwin(datom.e(), composite, values, i, present, forms);
      }
      touchReplaced(datom.e(), composite, values, i, forms);
    }
  }

  /** Asserts the component that brings about the fewest composites beside those of the source. */
  private void touchBest(
      long entity, Attribute composite, List<?> values, PresentValues present, List<Object> forms) {
    int best = free(entity, composite, values);
    long fewest = best >= 0 ? 0 : Long.MAX_VALUE;
    for (int i = 0; i < values.size() && fewest > 0; i++) {
      Attribute component = component(composite, i);
      if (component != null && values.get(i) != null) {
        long absent = absentCount(entity, component, present);
        if (absent < fewest) {
          fewest = absent;
          best = i;
        }
      }
    }
    if (best >= 0) {
      touch(entity, composite, values, best, forms);
    }
  }

  /** A component that is in no composite but those of the transaction; negative without one. */
  private int free(long entity, Attribute composite, List<?> values) {
    for (int i = 0; i < values.size(); i++) {
      Attribute component = component(composite, i);
      if (component != null
          && values.get(i) != null
          && compositesNotHeld(entity, component).isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Asserts a value that Datomic takes for the present one. This changes only the composites, which
   * then hold the new value.
   */
  private void touchTwin(
      long entity,
      Attribute composite,
      List<?> values,
      int index,
      PresentValues present,
      List<Object> forms) {
    Attribute component = component(composite, index);
    if (component == null
        || selection.shape().mentions(entity, component.id())
        || absentCount(entity, component, present) > 0) {
      return;
    }
    if (component.unique() != null) {
      repeatPresent(entity, component, values.get(index), present, forms);
    }
    touch(entity, composite, values, index, forms);
  }

  /**
   * Asserts the present value first. Otherwise Datomic takes a twin of a unique value for another
   * entity's, and refuses it.
   */
  private void repeatPresent(
      long entity, Attribute component, Object twin, PresentValues present, List<Object> forms) {
    value(entity, component, present)
        .filter(value -> !value.equals(twin))
        .ifPresent(
            value ->
                forms.add(TxData.add(terms.id(entity), terms.attributeId(component.id()), value)));
  }

  /**
   * For an entity among the schema, Datomic Local accepts two values of one attribute at once. The
   * datom gets one of them. The composite gets the present value, which is asserted again.
   */
  private void touchReplaced(
      long entity, Attribute composite, List<?> values, int index, List<Object> forms) {
    Attribute component = component(composite, index);
    if (component != null
        && Transaction.isAmongSchema(entity)
        && selection.shape().retracts(entity, component.id(), values.get(index))) {
      touch(entity, composite, values, index, forms);
    }
  }

  private void touch(
      long entity, Attribute composite, List<?> values, int index, List<Object> forms) {
    Attribute component = component(composite, index);
    Object element = values.get(index);
    if (component != null && element != null) {
      forms.add(
          TxData.add(
              terms.id(entity),
              terms.attributeId(component.id()),
              terms.component(component, element)));
    }
  }

  /** Whether all components that have a value are excluded: then Datomic computes none. */
  static boolean isEmpty(
      List<?> values, Attribute composite, Schema schema, AttributeFilter filter) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null && component(composite, i, schema, filter) != null) {
        return false;
      }
    }
    return true;
  }

  /** The component; null when it is excluded. */
  private @Nullable Attribute component(Attribute composite, int index) {
    return component(composite, index, selection.schema(), filter);
  }

  private static @Nullable Attribute component(
      Attribute composite, int index, Schema schema, AttributeFilter filter) {
    Attribute component = schema.attributeNamed(composite.tupleAttrs().get(index));
    return component == null || filter.excludes(component.id()) ? null : component;
  }

  /**
   * The number of composites that would arise, and that neither the transaction nor the target
   * holds.
   */
  private long absentCount(long entity, Attribute component, PresentValues present) {
    return compositesNotHeld(entity, component).stream()
        .filter(other -> value(entity, other, present).isEmpty())
        .count();
  }

  private Optional<Object> value(long entity, Attribute attribute, PresentValues present) {
    return terms.id(entity) instanceof Long target
        ? present.to(new Question(target, attribute.id(), null))
        : Optional.empty();
  }

  private List<Attribute> compositesNotHeld(long entity, Attribute component) {
    List<Attribute> notHeld = new ArrayList<>();
    for (Attribute other : selection.schema().attributes()) {
      if (other.isComposite()
          && other.tupleAttrs().stream()
              .anyMatch(name -> component.equals(selection.schema().attributeNamed(name)))
          && !selection.shape().mentions(entity, other.id())) {
        notHeld.add(other);
      }
    }
    return notHeld;
  }

  /**
   * Whether there may be another value that Datomic takes for the same. Such are 1.0M and 1.00M,
   * 0.0 and -0.0, a BigInt and a BigInteger. Such are also URIs that differ in the case of their
   * scheme, host or escapes. Datomic takes NaN for any double or float.
   */
  private static boolean hasTwins(@Nullable Object value) {
    return value instanceof BigDecimal
        || value instanceof BigInt
        || value instanceof BigInteger
        || value instanceof Double
        || value instanceof Float
        || value instanceof URI;
  }
}
