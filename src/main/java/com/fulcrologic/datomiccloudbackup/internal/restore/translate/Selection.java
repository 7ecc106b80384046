package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The datoms of a source transaction that the target has to hold, by rules that need no ids of the
 * target. The others are excluded, an earlier restore's bookkeeping, or added by Datomic itself.
 */
public final class Selection {
  /** The attributes that users may set on built-ins, by a sweep [Local 1.0.291, peer 1.0.7277]. */
  private static final Set<Keyword> SETTABLE =
      Set.of(
          BuiltIns.NO_HISTORY,
          BuiltIns.IS_COMPONENT,
          BuiltIns.UNIQUE,
          BuiltIns.DOC,
          BuiltIns.FULLTEXT,
          BuiltIns.INDEX,
          BuiltIns.INSTALL_FUNCTION,
          BuiltIns.FRESSIAN_TAG,
          BuiltIns.SYSTEM_TX,
          BuiltIns.TX_INSTANT,
          BuiltIns.ATTR_PREDS,
          BuiltIns.INSTALL_PARTITION,
          BuiltIns.INSTALL_VALUE_TYPE,
          BuiltIns.ENTITY_ATTRS,
          BuiltIns.ENTITY_PREDS);

  private final Transaction transaction;
  private final Schema schema;
  private final BaseSchema baseSchema;
  private final AttributeFilter filter;
  private final TransactionShape shape;
  private final TargetLimits.LeftOutDatoms leftOut;
  private final List<Selected> datoms;
  private final List<Datom> refused = new ArrayList<>(0);
  private boolean hasComposites;
  private int logCount;
  private boolean isForetold;
  private boolean isDated;

  /** A datom that the target has to hold; the first of a bootstrap lack their attribute. */
  record Selected(Datom datom, @Nullable Attribute attribute) {
    /** Whether Datomic computes it. */
    boolean isComposite() {
      return attribute != null && attribute.isComposite();
    }
  }

  /**
   * @param schema the source's, as of before the transaction, but with the built-ins that the
   *     transaction itself brings
   */
  Selection(Transaction transaction, Schema schema, BaseSchema baseSchema, AttributeFilter filter) {
    this.transaction = transaction;
    this.schema = schema;
    this.baseSchema = baseSchema;
    this.filter = filter;
    this.shape = new TransactionShape(transaction, schema);
    this.leftOut = new TargetLimits(baseSchema).leftOut(transaction, schema);
    this.datoms = new ArrayList<>(transaction.datoms().size());
    this.isForetold = filter.isEmpty() && !shape.isBootstrap();
    transaction.datoms().forEach(this::select);
  }

  public Transaction transaction() {
    return transaction;
  }

  public Schema schema() {
    return schema;
  }

  /** The datoms that the target has to hold, in the order of the log. */
  public List<Datom> kept() {
    return datoms.stream().map(Selected::datom).toList();
  }

  TransactionShape shape() {
    return shape;
  }

  /** In the order of the log: datoms to send, and those of composites that Datomic computes. */
  List<Selected> datoms() {
    return datoms;
  }

  /** Whether one of them is a composite's. */
  boolean hasComposites() {
    return hasComposites;
  }

  /** How many datoms Datomic logs, sent or not; empty where that is not known in advance. */
  OptionalInt logCount() {
    return isForetold ? OptionalInt.of(logCount) : OptionalInt.empty();
  }

  /** The datoms that the target should hold, and does not accept. */
  List<Datom> refused() {
    return refused;
  }

  /** Whether a datom that is sent dates the transaction. */
  boolean isDated() {
    return isDated;
  }

  private void select(Datom datom) {
    Keyword builtIn = schema.builtIn(datom.a());
    Attribute attribute = schema.attribute(datom.a());
    if (isBookkeeping(datom, attribute) || filter.excludes(datom.a()) || leftOut.includes(datom)) {
      return;
    }
    if (builtIn != null && isAddedByDatomic(datom, builtIn)) {
      foretell(datom, builtIn);
      return;
    }
    if (builtIn != null && isRefused(datom.e(), builtIn)) {
      refused.add(datom);
      return;
    }
    logCount++;
    boolean isComposite = attribute != null && attribute.isComposite();
    if (!datom.added() && (isComposite || shape.isReplaced(datom))) {
      return; // follows from an assertion
    }
    isDated |= datom.e() == transaction.tx() && BuiltIns.TX_INSTANT.equals(builtIn);
    hasComposites |= isComposite;
    datoms.add(new Selected(datom, attribute));
  }

  /** An earlier restore's bookkeeping, if the source is itself a restored database. */
  private boolean isBookkeeping(Datom datom, @Nullable Attribute attribute) {
    if (attribute != null && Bookkeeping.isBookkeeping(attribute.ident())) {
      return true;
    }
    Attribute described = schema.attribute(datom.e());
    return (described != null && Bookkeeping.isBookkeeping(described.ident()))
        || shape.definesBookkeeping(datom.e())
        || shape.isClaim(datom);
  }

  /** Whether the target has the datom from its bootstrap, or gets it from Datomic itself. */
  private boolean isAddedByDatomic(Datom datom, Keyword attribute) {
    if (attribute.equals(BuiltIns.ENSURE)) {
      return true; // virtual; older Clouds logged it
    }
    Keyword entity = schema.builtIn(datom.e());
    if (entity == null) {
      return false;
    }
    if (isOfSchema(attribute)) {
      return true;
    }
    if (attribute.equals(BuiltIns.INSTALL_PARTITION)
        || attribute.equals(BuiltIns.INSTALL_FUNCTION)
        || attribute.equals(BuiltIns.INSTALL_VALUE_TYPE)) {
      return datom.v() instanceof Long installed && isInstalled(entity, attribute, installed);
    }
    if (shape.isBootstrap() || shape.definesBuiltIn(datom.e())) {
      return true;
    }
    Attribute described = schema.attribute(datom.a());
    boolean isMany = described != null && described.many();
    return isMany
        ? baseSchema.states(entity, attribute, datom.v())
        : baseSchema.states(entity, attribute);
  }

  /** Whether a partition or value type is one that every database has. */
  private boolean isInstalled(Keyword entity, Keyword attribute, long installed) {
    Keyword builtIn = schema.builtIn(installed);
    return builtIn != null
        && (shape.isBootstrap()
            || shape.definesBuiltIn(installed)
            || baseSchema.states(entity, attribute, builtIn));
  }

  /** A user's datom on a built-in that the target lacks, or with an attribute that it refuses. */
  private boolean isRefused(long id, Keyword attribute) {
    Keyword entity = schema.builtIn(id);
    return entity != null
        && (!SETTABLE.contains(attribute)
            || baseSchema.id(entity) == null
            || baseSchema.id(attribute) == null);
  }

  /** The number of datoms on Datomic's own schema depends on the target's. */
  private void foretell(Datom datom, Keyword attribute) {
    if (attribute.equals(BuiltIns.ENSURE)) {
      return;
    }
    if (isOfSchema(attribute) && datom.v() instanceof Long user && schema.builtIn(user) == null) {
      logCount++;
    } else {
      isForetold = false;
    }
  }

  private static boolean isOfSchema(Keyword attribute) {
    return attribute.equals(BuiltIns.INSTALL_ATTRIBUTE)
        || attribute.equals(BuiltIns.ALTER_ATTRIBUTE);
  }
}
