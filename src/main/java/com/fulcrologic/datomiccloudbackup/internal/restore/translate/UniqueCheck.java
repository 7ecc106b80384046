package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import java.math.BigDecimal;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds unique attributes with equal values, before anything is written. Datomic Pro lets an
 * attribute without an index become unique whose values are not, and accepts equal values later,
 * too; Cloud and Local refuse both. Takes a log from its beginning. Mutable; one thread.
 */
public final class UniqueCheck {
  /** Values in memory at most: with more, the target finds the equal ones itself. */
  static final int VALUE_COUNT_MAX = 4_000_000;

  private final AttributeFilter filter;
  private final Schema schema = new Schema();
  private final Map<Long, Holders> holders = new TreeMap<>();
  private int valueCount;

  /** How many entities have each value of one attribute, and how many values several have. */
  private static final class Holders {
    final Map<Object, Integer> counts = new HashMap<>();
    int sharedCount;

    /**
     * Whether the target takes different values for equal ones when the attribute becomes unique:
     * one that does not equal itself, or a -1 that no value is less than [Datomic Local 1.0.291].
     */
    boolean hasUnorderedValue() {
      double least =
          counts.keySet().stream()
              .filter(Number.class::isInstance)
              .mapToDouble(value -> ((Number) value).doubleValue())
              .min() // NaN, if there is one
              .orElse(0);
      return Double.isNaN(least) || least == -1;
    }
  }

  public UniqueCheck(Set<Long> attributes, AttributeFilter filter) {
    this.filter = filter;
    attributes.forEach(attribute -> holders.put(attribute, new Holders()));
  }

  /** Checks the next transaction, which is new unless the target has it. */
  public void require(Transaction transaction, boolean isNew) {
    Set<Long> touched = new TreeSet<>();
    Set<Long> made = new TreeSet<>();
    for (Datom datom : transaction.datoms()) {
      Holders values = holders.get(datom.a());
      if (values != null) {
        note(values, datom);
        touched.add(datom.a());
      } else if (holders.containsKey(datom.e())
          && BuiltIns.UNIQUE.equals(schema.builtIn(datom.a()))) {
        touched.add(datom.e());
        made.add(datom.e());
      }
    }
    schema.apply(transaction);
    for (long id : touched) {
      Attribute attribute = schema.attribute(id);
      if (isNew
          && attribute != null
          && attribute.unique() != null
          && valueCount <= VALUE_COUNT_MAX
          && (values(id).sharedCount > 0
              || (made.contains(id) && values(id).hasUnorderedValue()))) {
        throw new TargetNotRestorableException(
            ("Failed to restore t %s: attribute %s is unique there, and its values are not, which "
                    + "only Datomic Pro accepts")
                .formatted(transaction.t(), attribute.ident()),
            "exclude the attribute, rewrite its values so that they differ, or restore into Datomic"
                + " Pro");
      }
    }
  }

  private Holders values(long attribute) {
    return holders.getOrDefault(attribute, new Holders());
  }

  /** The value, equal to those between which an index of Datomic sees no difference. */
  static Object comparable(@Nullable Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros();
    }
    if (value instanceof List<?> elements) {
      return elements.stream().map(UniqueCheck::comparable).toList();
    }
    return value instanceof URI ? value : Values.canonical(value);
  }

  private void note(Holders values, Datom datom) {
    if (valueCount > VALUE_COUNT_MAX) {
      values.counts.clear();
      return;
    }
    Object value = comparable(filter.rewrite(datom.a(), datom.v()));
    int before = values.counts.getOrDefault(value, 0);
    int after = datom.added() ? before + 1 : Math.max(0, before - 1);
    if (after == 0) {
      values.counts.remove(value);
    } else {
      values.counts.put(value, after);
    }
    valueCount += Integer.signum(after) - Integer.signum(before);
    values.sharedCount += (after > 1 ? 1 : 0) - (before > 1 ? 1 : 0);
  }
}
