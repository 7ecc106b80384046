package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Corrects value types in logs that an earlier version stored. It kept the values of a network
 * client unchanged: a double for an attribute of type float.
 */
public final class TypedValues {
  private TypedValues() {}

  /**
   * The transaction with floats for attributes of type float. Returns the transaction itself when
   * no value changes, as in all newer logs.
   */
  public static Transaction typed(Transaction transaction, Schema schema) {
    List<Datom> typed = new ArrayList<>(transaction.datoms().size());
    boolean isChanged = false;
    for (Datom datom : transaction.datoms()) {
      Object value = typed(datom.v(), schema.attribute(datom.a()), schema);
      boolean isSame = value == datom.v();
      typed.add(isSame ? datom : new Datom(datom.e(), datom.a(), value, datom.tx(), datom.added()));
      isChanged |= !isSame;
    }
    return isChanged ? new Transaction(transaction.t(), transaction.tx(), typed) : transaction;
  }

  /** The value with floats as its attribute requires; the value itself when none changes. */
  public static Object typed(Object value, @Nullable Attribute attribute, Schema schema) {
    if (attribute == null) {
      return value;
    }
    if (value instanceof Double number && attribute.valueType().equals(BuiltIns.TYPE_FLOAT)) {
      return number.floatValue();
    }
    if (!(value instanceof List<?> elements)
        || elements.stream().noneMatch(element -> element instanceof Double)) {
      return value;
    }
    List<@Nullable Object> typed = new ArrayList<>(elements.size());
    boolean isChanged = false;
    for (int i = 0; i < elements.size(); i++) {
      boolean isFloat = elements.get(i) instanceof Double && isFloat(attribute, i, schema);
      typed.add(isFloat ? ((Double) elements.get(i)).floatValue() : elements.get(i));
      isChanged |= isFloat;
    }
    return isChanged ? PersistentVector.create(typed) : value;
  }

  private static boolean isFloat(Attribute attribute, int index, Schema schema) {
    if (attribute.isComposite()) {
      Attribute component =
          index < attribute.tupleAttrs().size()
              ? schema.attributeNamed(attribute.tupleAttrs().get(index))
              : null;
      return component != null && component.valueType().equals(BuiltIns.TYPE_FLOAT);
    }
    return BuiltIns.TYPE_FLOAT.equals(attribute.elementType(index));
  }
}
