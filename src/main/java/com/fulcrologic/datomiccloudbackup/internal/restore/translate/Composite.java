package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.BigInt;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues.Question;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes Datomic compute a composite that a source transaction holds. A composite follows from its
 * components. If the transaction has no datom of a component, its author asserted one that was
 * there already. To assert it again gives the composite again.
 *
 * @param datom that of the composite
 * @param attribute that of the datom
 */
record Composite(
    Datom datom,
    Attribute attribute,
    Selection selection,
    TargetTerms terms,
    AttributeFilter filter) {

  /** Adds the questions that {@link #touch} will ask. */
  void ask(List<Question> questions) {
    if (!(terms.id(datom.e()) instanceof Long entity)) {
      return; // has no values yet
    }
    boolean mayTouchAny = !selection.shape().touchesComponent(datom.e(), attribute) && free() < 0;
    for (int i = 0; i < values().size(); i++) {
      Attribute component = component(i);
      if (component == null) {
        continue;
      }
      boolean mayTouchTwin = hasTwins(values().get(i)) && !isMentioned(component);
      if (mayTouchTwin && component.unique() != null) {
        questions.add(new Question(entity, component.id(), null));
      }
      if (mayTouchTwin || mayTouchAny) {
        for (Attribute other : compositesNotHeld(component)) {
          questions.add(new Question(entity, other.id(), null));
        }
      }
    }
  }

  /** Adds the forms that make Datomic compute this composite. */
  void touch(PresentValues present, List<Object> forms) {
    if (!selection.shape().touchesComponent(datom.e(), attribute)) {
      touchBest(present, forms);
    }
    for (int i = 0; i < values().size(); i++) {
      Attribute component = component(i);
      if (component != null) {
        touchTwin(component, i, present, forms);
        touchReplaced(component, i, forms);
      }
    }
  }

  /** Asserts the component that brings about the fewest composites beside those of the source. */
  private void touchBest(PresentValues present, List<Object> forms) {
    int best = free();
    long fewest = best >= 0 ? 0 : Long.MAX_VALUE;
    for (int i = 0; i < values().size() && fewest > 0; i++) {
      Attribute component = component(i);
      long absent = component == null ? Long.MAX_VALUE : absentCount(component, present);
      if (absent < fewest) {
        fewest = absent;
        best = i;
      }
    }
    Attribute component = best < 0 ? null : component(best);
    if (component != null) {
      touch(component, best, forms);
    }
  }

  /** A component that is in no composite but those of the transaction; negative without one. */
  private int free() {
    for (int i = 0; i < values().size(); i++) {
      Attribute component = component(i);
      if (component != null && compositesNotHeld(component).isEmpty()) {
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
      Attribute component, int index, PresentValues present, List<Object> forms) {
    Object twin = values().get(index);
    if (!hasTwins(twin) || isMentioned(component) || absentCount(component, present) > 0) {
      return;
    }
    if (component.unique() != null) {
      // Otherwise Datomic takes a twin of a unique value for another entity's, and refuses it.
      value(component, present)
          .filter(value -> !value.equals(twin))
          .ifPresent(value -> forms.add(assertion(component, value)));
    }
    touch(component, index, forms);
  }

  /**
   * For an entity among the schema, Datomic Local accepts two values of one attribute at once. The
   * datom gets one of them. The composite gets the present value, which is asserted again.
   */
  private void touchReplaced(Attribute component, int index, List<Object> forms) {
    if (Transaction.isAmongSchema(datom.e())
        && selection.shape().retracts(datom.e(), component.id(), values().get(index))) {
      touch(component, index, forms);
    }
  }

  private void touch(Attribute component, int index, List<Object> forms) {
    forms.add(assertion(component, terms.component(component, values().get(index))));
  }

  private Object assertion(Attribute component, Object value) {
    return TxData.add(terms.id(datom.e()), terms.attributeId(component.id()), value);
  }

  /** Whether all components that have a value are excluded: then Datomic computes none. */
  static boolean isEmpty(
      List<?> values, Attribute composite, Schema schema, AttributeFilter filter) {
    for (int i = 0; i < values.size(); i++) {
      if (component(i, values, composite, schema, filter) != null) {
        return false;
      }
    }
    return true;
  }

  private List<?> values() {
    return (List<?>) datom.v();
  }

  /** The component; null when it is excluded, or has no value. */
  private @Nullable Attribute component(int index) {
    return component(index, values(), attribute, selection.schema(), filter);
  }

  private static @Nullable Attribute component(
      int index, List<?> values, Attribute composite, Schema schema, AttributeFilter filter) {
    Attribute component = schema.attributeNamed(composite.tupleAttrs().get(index));
    boolean isThere = component != null && !filter.excludes(component.id());
    return isThere && values.get(index) != null ? component : null;
  }

  private boolean isMentioned(Attribute other) {
    return selection.shape().mentions(datom.e(), other.id());
  }

  /**
   * The number of composites that would arise, and that neither the transaction nor the target
   * holds.
   */
  private long absentCount(Attribute component, PresentValues present) {
    return compositesNotHeld(component).stream()
        .filter(other -> value(other, present).isEmpty())
        .count();
  }

  private Optional<Object> value(Attribute other, PresentValues present) {
    return terms.id(datom.e()) instanceof Long target
        ? present.to(new Question(target, other.id(), null))
        : Optional.empty();
  }

  private List<Attribute> compositesNotHeld(Attribute component) {
    Schema schema = selection.schema();
    List<Attribute> notHeld = new ArrayList<>();
    for (Attribute other : schema.attributes()) {
      if (other.isComposite()
          && other.tupleAttrs().stream()
              .anyMatch(name -> component.equals(schema.attributeNamed(name)))
          && !isMentioned(other)) {
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
