package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a target, by its base schema: the parts of a log that it cannot hold. Datomic Pro
 * has built-ins that Cloud and Local lack, and the other way round. Declarations that change no
 * fact are left out of such a target; all else that it cannot hold is refused. Immutable.
 */
public record TargetLimits(BaseSchema target) {
  /** Datoms in a transaction at most, its instant included [Datomic Local 1.0.291]. */
  public static final int DATOM_COUNT_MAX = 100_000;

  /** Characters in a string at most [Datomic Local 1.0.291]. */
  public static final int TEXT_LENGTH_MAX = 4096;

  /** Declarations that change no fact: of indexes, and of functions by their older attribute. */
  private static final Set<Keyword> DECLARATIONS =
      Set.of(BuiltIns.INDEX, BuiltIns.FULLTEXT, BuiltIns.INSTALL_FUNCTION);

  /** Value types that not every Datomic has. */
  private static final Set<Keyword> TYPES =
      Set.of(Keyword.intern("db.type", "bytes"), Keyword.intern("db.type", "fn"));

  /** For a change of these, Datomic also logs a {@code :db.alter/attribute}. */
  private static final Set<Keyword> ALTERING =
      Set.of(
          BuiltIns.CARDINALITY,
          BuiltIns.UNIQUE,
          BuiltIns.NO_HISTORY,
          BuiltIns.IS_COMPONENT,
          BuiltIns.ATTR_PREDS);

  public static boolean isPro(Schema source) {
    return source.attributeNamed(BuiltIns.INDEX) != null;
  }

  /** Whether the target has partitions, and no limits for strings and transactions. */
  public boolean isPro() {
    return target.id(BuiltIns.INDEX) != null;
  }

  /** Whether the target lacks a built-in that is needed as an attribute of facts. */
  public boolean lacks(Keyword builtIn) {
    return lacksEntity(builtIn) && !DECLARATIONS.contains(builtIn);
  }

  /** Whether the target lacks a built-in as an entity, so that nothing can refer to it. */
  public boolean lacksEntity(Keyword builtIn) {
    return target.id(builtIn) == null && !builtIn.equals(BuiltIns.ENSURE);
  }

  public boolean lacksType(@Nullable Keyword valueType) {
    return valueType != null && TYPES.contains(valueType) && target.id(valueType) == null;
  }

  /** Whether the target has no place for declarations and partitions of a log with this schema. */
  public boolean leavesOut(Schema source) {
    return !isPro() && isPro(source);
  }

  /**
   * The datoms that are left out of the target.
   *
   * @param schema the source's, with the built-ins that the transaction brings
   */
  public LeftOutDatoms leftOut(Transaction transaction, Schema schema) {
    return new LeftOutDatoms(this, transaction, schema);
  }

  /** The datoms of one transaction that the target does not get. Immutable. */
  public static final class LeftOutDatoms {
    private final TargetLimits limits;
    private final Schema schema;
    private final boolean isAny;
    private final Set<Long> untyped = new HashSet<>();
    private final Set<Long> declared = new HashSet<>();
    private final Set<Long> altered = new HashSet<>();

    private LeftOutDatoms(TargetLimits limits, Transaction transaction, Schema schema) {
      this.limits = limits;
      this.schema = schema;
      this.isAny = limits.leavesOut(schema);
      if (isAny) {
        read(transaction);
      }
    }

    private void read(Transaction transaction) {
      for (Datom datom : transaction.datoms()) {
        Keyword property = schema.builtIn(datom.a());
        if (property == null) {
          continue;
        }
        if (property.equals(BuiltIns.VALUE_TYPE)
            && datom.v() instanceof Long type
            && limits.lacksType(schema.builtIn(type))) {
          untyped.add(datom.e());
        } else if (isDeclaration(property)) {
          declared.add(datom.e());
        } else if (ALTERING.contains(property)) {
          altered.add(datom.e());
        }
      }
    }

    /**
     * Whether the datom is left out: a declaration, the alteration that it alone causes, or part of
     * the definition of an attribute whose type the target lacks.
     */
    public boolean includes(Datom datom) {
      Keyword property = isAny ? schema.builtIn(datom.a()) : null;
      if (property == null) {
        return false;
      }
      if (property.equals(BuiltIns.INSTALL_ATTRIBUTE)
          || property.equals(BuiltIns.ALTER_ATTRIBUTE)) {
        return datom.v() instanceof Long attribute
            && (isUntyped(attribute)
                || (property.equals(BuiltIns.ALTER_ATTRIBUTE)
                    && declared.contains(attribute)
                    && !altered.contains(attribute)));
      }
      return isDeclaration(property)
          || (isUntyped(datom.e())
              && (property.equals(BuiltIns.VALUE_TYPE) || ALTERING.contains(property)));
    }

    private boolean isDeclaration(Keyword property) {
      return DECLARATIONS.contains(property) && limits.target.id(property) == null;
    }

    private boolean isUntyped(long entity) {
      Attribute known = schema.attribute(entity);
      return untyped.contains(entity) || (known != null && limits.lacksType(known.valueType()));
    }
  }
}
