package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.LeftOutTally;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Mentions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds data that the target cannot hold, before anything is written: {@link TargetLimits} is the
 * rule. Takes transactions in their order. Mutable; one thread.
 */
public final class TargetCheck {
  private final TargetLimits limits;
  private final AttributeFilter filter;
  private final LeftOutTally leftOut;
  private final Set<Long> becomingUnique = new TreeSet<>();
  private Schema schema = new Schema();

  public TargetCheck(TargetLimits limits, AttributeFilter filter) {
    this.limits = limits;
    this.filter = filter;
    this.leftOut = new LeftOutTally(limits, filter::excludes);
  }

  /** Begins a part of the log: as of this schema of the source, which this object moves on. */
  public void begin(Schema beforeFirst) {
    schema = beforeFirst;
  }

  /** The data that the target does not get. */
  public List<LeftOut> leftOut() {
    return leftOut.result();
  }

  /** The ids of attributes that become unique after their definition. */
  public Set<Long> becomingUnique() {
    return becomingUnique;
  }

  /** Takes a transaction that the target has already. */
  public void skip(Transaction transaction) {
    schema.apply(transaction);
  }

  public void require(Transaction transaction) {
    schema.learnBuiltIns(transaction);
    requireBuiltIns(transaction);
    noteUniques(transaction);
    schema.apply(transaction); // value types never change
    leftOut.add(transaction, schema);
    long t = transaction.t();
    int count = 0;
    for (Datom datom : transaction.datoms()) {
      if (filter.excludes(datom.a())) {
        continue;
      }
      count++;
      Keyword property = schema.builtIn(datom.a());
      Attribute attribute = schema.attribute(datom.a());
      Keyword entity = schema.builtIn(datom.e());
      if (entity != null && property == null && limits.lacksEntity(entity)) {
        throw lacks(entity, t);
      }
      if (entity == null) {
        requireProperty(property, t);
        requireType(datom, property, t);
        requireReferences(datom, attribute, property, t);
      }
      requireLength(datom, attribute, t);
    }
    if (!limits.isPro() && count > TargetLimits.DATOM_COUNT_MAX) {
      throw new TargetNotRestorableException(
          "Failed to restore t %s: it has %s datoms, and the target takes %s in a transaction"
              .formatted(t, count, TargetLimits.DATOM_COUNT_MAX),
          "restore into Datomic Pro, or exclude attributes that have many of them");
    }
  }

  /** Finds a user's datom that concerns a built-in which the target lacks. */
  private void requireBuiltIns(Transaction transaction) {
    if (transaction.datoms().stream().anyMatch(this::mayBeRefused)) {
      Selection selection = new Selection(transaction, schema, limits.target(), filter);
      for (Datom datom : selection.refused()) {
        Keyword lacking = lacking(datom);
        if (lacking != null) {
          throw lacks(lacking, transaction.t());
        }
      }
    }
  }

  private boolean mayBeRefused(Datom datom) {
    return schema.builtIn(datom.e()) != null && lacking(datom) != null;
  }

  private @Nullable Keyword lacking(Datom datom) {
    Keyword entity = schema.builtIn(datom.e());
    if (entity != null && limits.lacksEntity(entity)) {
      return entity;
    }
    Keyword property = schema.builtIn(datom.a());
    return property != null && limits.lacks(property) ? property : null;
  }

  private void noteUniques(Transaction transaction) {
    for (Datom datom : transaction.datoms()) {
      if (datom.added() && BuiltIns.UNIQUE.equals(schema.builtIn(datom.a()))) {
        Attribute before = schema.attribute(datom.e());
        if (before != null && before.unique() == null && !filter.excludes(datom.e())) {
          becomingUnique.add(datom.e());
        }
      }
    }
  }

  private void requireProperty(@Nullable Keyword property, long t) {
    if (property != null && BuiltIns.isOfExcision(property)) {
      throw new TargetNotRestorableException(
          ("Failed to restore t %s: it has %s, a part of a request for an excision, which is "
                  + "never sent")
              .formatted(t, property),
          "exclude :db/excise, and :db.excise/attrs, :db.excise/before and :db.excise/beforeT if"
              + " they are used, to restore everything else");
    }
    if (property != null && limits.lacks(property)) {
      throw lacks(property, t);
    }
  }

  private void requireType(Datom datom, @Nullable Keyword property, long t) {
    if (BuiltIns.VALUE_TYPE.equals(property)
        && datom.v() instanceof Long id
        && limits.lacksType(schema.builtIn(id))
        && !filter.excludes(datom.e())) {
      Attribute defined = schema.attribute(datom.e());
      Keyword ident = defined == null ? Attribute.UNNAMED : defined.ident();
      throw new TargetNotRestorableException(
          "Failed to restore t %s: it defines attribute %s of type %s, which the target lacks"
              .formatted(t, ident, schema.builtIn(id)),
          "exclude %s, which leaves out its definition, too, or restore into Datomic Pro"
              .formatted(ident));
    }
  }

  private void requireReferences(
      Datom datom, @Nullable Attribute attribute, @Nullable Keyword property, long t) {
    if (attribute != null && !BuiltIns.VALUE_TYPE.equals(property)) {
      Mentions.references(datom.v(), attribute, id -> requireReference(id, t));
    }
  }

  private void requireReference(long id, long t) {
    Keyword builtIn = schema.builtIn(id);
    if (builtIn != null && limits.lacksEntity(builtIn)) {
      throw lacks(builtIn, t);
    }
  }

  private void requireLength(Datom datom, @Nullable Attribute attribute, long t) {
    if (limits.isPro() || attribute == null || !(datom.v() instanceof String text)) {
      return;
    }
    if (text.length() > TargetLimits.TEXT_LENGTH_MAX
        && filter.rewrite(attribute.id(), text) instanceof String rewritten
        && rewritten.length() > TargetLimits.TEXT_LENGTH_MAX) {
      throw new TargetNotRestorableException(
          ("Failed to restore t %s: it has a string of %s characters for %s, and the target "
                  + "takes %s")
              .formatted(t, rewritten.length(), attribute.ident(), TargetLimits.TEXT_LENGTH_MAX),
          "shorten it by a rewrite, exclude the attribute, or restore into Datomic Pro");
    }
  }

  private static TargetNotRestorableException lacks(Keyword builtIn, long t) {
    return new TargetNotRestorableException(
        "Failed to restore t %s: it uses %s, which the target's base schema lacks"
            .formatted(t, builtIn),
        "restore into another or a newer Datomic, or exclude that attribute");
  }
}
