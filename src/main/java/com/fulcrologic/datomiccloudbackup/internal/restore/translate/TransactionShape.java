package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as a whole, for the rules that cannot judge a datom by itself. Built in one pass
 * over the datoms, and more for its sets if the transaction needs them. Immutable.
 */
final class TransactionShape {
  private final Transaction transaction;
  private final Schema schema;
  private final boolean isBootstrap;
  private final Set<Long> builtInsDefined = new HashSet<>();
  private final Set<Long> bookkeeping = new HashSet<>();
  private final Set<Long> retracted = new HashSet<>(0);
  private final Set<EntityAttribute> asserted; // empty if nothing is retracted
  private final Set<EntityAttribute> mentioned; // empty if no datom is a composite's

  private record EntityAttribute(long e, long a) {}

  TransactionShape(Transaction transaction, Schema schema) {
    this.transaction = transaction;
    this.schema = schema;
    boolean composites = false;
    boolean dated = false;
    for (Datom datom : transaction.datoms()) {
      if (!datom.added()) {
        retracted.add(datom.a());
      }
      Keyword builtIn = schema.builtIn(datom.a());
      if (builtIn == null) {
        Attribute attribute = schema.attribute(datom.a());
        composites |= attribute != null && attribute.isComposite();
      } else if (builtIn.equals(BuiltIns.IDENT) && datom.v() instanceof Keyword ident) {
        if (Bookkeeping.isBookkeeping(ident)) {
          bookkeeping.add(datom.e());
        } else if (BuiltIns.known(ident).equals(schema.builtIn(datom.e()))) {
          builtInsDefined.add(datom.e());
        }
      } else if (builtIn.equals(BuiltIns.TX_INSTANT) && datom.e() == transaction.tx()) {
        dated |= datom.v() instanceof Date instant && instant.getTime() > 0;
      }
    }
    this.isBootstrap = !dated;
    this.asserted =
        retracted.isEmpty() ? Set.of() : pairs(transaction, /* withRetractions= */ false);
    this.mentioned = composites ? pairs(transaction, /* withRetractions= */ true) : Set.of();
  }

  /**
   * Whether the retraction is implied: the same transaction asserts another value of the same
   * entity and attribute, whose cardinality is one at that point.
   */
  boolean isReplaced(Datom retraction) {
    Attribute attribute = schema.attribute(retraction.a());
    return attribute != null
        && !attribute.many()
        && asserted.contains(new EntityAttribute(retraction.e(), retraction.a()));
  }

  /** Whether the transaction is dated as those of a bootstrap are: at the epoch, or not at all. */
  boolean isBootstrap() {
    return isBootstrap;
  }

  boolean definesBuiltIn(long id) {
    return builtInsDefined.contains(id);
  }

  /** Whether the entity is an attribute of an earlier restore's bookkeeping, defined right here. */
  boolean definesBookkeeping(long entity) {
    return !bookkeeping.isEmpty() && bookkeeping.contains(entity);
  }

  /**
   * Whether the datom is an earlier restore's claim: a note, made at the installation, on a
   * transaction before.
   */
  boolean isClaim(Datom datom) {
    return !bookkeeping.isEmpty()
        && BuiltIns.DOC.equals(schema.builtIn(datom.a()))
        && datom.e() >= Transaction.entityId(0)
        && datom.e() < transaction.tx();
  }

  /**
   * Whether the transaction retracts a value of the attribute from some entity. Only Datomic
   * decides whether two values are the same: 1.0M and 1.00M are one to it.
   */
  boolean retractsFrom(Attribute attribute) {
    return retracted.contains(attribute.id());
  }

  boolean touchesComponent(long entity, Attribute composite) {
    for (Keyword name : composite.tupleAttrs()) {
      Attribute component = schema.attributeNamed(name);
      if (component != null && mentions(entity, component.id())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the transaction retracts exactly this value from the entity. Reads the whole
   * transaction.
   */
  boolean retracts(long entity, long attributeId, @Nullable Object value) {
    return !retracted.isEmpty()
        && transaction.datoms().stream()
            .anyMatch(
                datom ->
                    !datom.added()
                        && datom.e() == entity
                        && datom.a() == attributeId
                        && datom.v().equals(value));
  }

  /** Whether a datom has this entity and attribute. Always false if no datom is a composite's. */
  boolean mentions(long entity, long attributeId) {
    return mentioned.contains(new EntityAttribute(entity, attributeId));
  }

  private static Set<EntityAttribute> pairs(Transaction transaction, boolean withRetractions) {
    Set<EntityAttribute> pairs = new HashSet<>();
    for (Datom datom : transaction.datoms()) {
      if (withRetractions || datom.added()) {
        pairs.add(new EntityAttribute(datom.e(), datom.a()));
      }
    }
    return pairs;
  }
}
