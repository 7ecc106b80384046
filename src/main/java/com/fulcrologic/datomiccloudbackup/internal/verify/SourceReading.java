package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source's log: tracks its schema, and selects the datoms that a restored log must
 * contain. Mutable; one thread.
 */
final class SourceReading {
  private final Schema schema = new Schema();
  private final Bootstrap bootstrap = new Bootstrap();
  private final Map<Long, List<Attribute>> components = new HashMap<>();
  private final Set<Long> earlierOwn = new HashSet<>();
  private final Set<Long> builtInsOfBootstrap = new HashSet<>();
  private final Map<Long, Set<Object>> earlierClaims = new HashMap<>();
  private boolean isBootstrap;
  private boolean definesEarlierOwn;
  private Set<Long> builtInsDefined = Set.of();

  /**
   * Advances to the next transaction, including its own schema. This is safe because value types,
   * which decide about its datoms, never change.
   */
  void read(Transaction transaction) {
    isBootstrap = bootstrap.includes(transaction);
    schema.apply(transaction);
    builtInsDefined = new HashSet<>();
    definesEarlierOwn = false;
    for (Datom datom : transaction.datoms()) {
      Keyword property = schema.builtIn(datom.a());
      if (BuiltIns.IDENT.equals(property) && datom.v() instanceof Keyword ident) {
        readIdent(datom.e(), ident);
      } else if (BuiltIns.TUPLE_ATTRS.equals(property) && datom.v() instanceof List<?> names) {
        components.put(datom.e(), attributes(names));
      }
    }
    for (Datom datom : transaction.datoms()) {
      if (isClaim(datom, transaction)) {
        earlierClaims.computeIfAbsent(datom.e(), entity -> new HashSet<>()).add(datom.v());
      }
    }
  }

  private void readIdent(long entity, Keyword ident) {
    if (Bookkeeping.isBookkeeping(ident)) {
      earlierOwn.add(entity);
      definesEarlierOwn = true;
    } else if (BuiltIns.known(ident).equals(schema.builtIn(entity))) {
      builtInsDefined.add(entity);
      if (isBootstrap) {
        builtInsOfBootstrap.add(entity);
      }
    }
  }

  private List<Attribute> attributes(List<?> names) {
    List<Attribute> found = new ArrayList<>();
    for (Object name : names) {
      Attribute component = name instanceof Keyword ident ? schema.attributeNamed(ident) : null;
      if (component != null) {
        found.add(component);
      }
    }
    return found;
  }

  Schema schema() {
    return schema;
  }

  /** The components of a composite at its installation; none for other attributes. */
  List<Attribute> components(long attribute) {
    return components.getOrDefault(attribute, List.of());
  }

  /**
   * The datoms of the transaction last read that belong in a restored log. Excludes Datomic's own
   * datoms on its built-ins, the bookkeeping of an earlier restore, virtual datoms, and those that
   * the target cannot hold and needs for no fact.
   */
  List<Datom> content(Transaction transaction, BaseSchema target) {
    List<Datom> content = new ArrayList<>(transaction.datoms().size());
    Set<Long> altered = new HashSet<>();
    List<Datom> alterations = new ArrayList<>();
    TargetLimits.LeftOutDatoms leftOut = new TargetLimits(target).leftOut(transaction, schema);
    for (Datom datom : transaction.datoms()) {
      boolean isVirtual = is(datom, BuiltIns.ENSURE) || leftOut.includes(datom);
      boolean onBuiltIn = isBuiltIn(datom.e(), target) && isBuiltIn(datom.a(), target);
      if (isVirtual || isEarlierOwn(datom, transaction) || (onBuiltIn && isBootstrap)) {
        continue;
      }
      if (!onBuiltIn) {
        content.add(datom);
      } else if (is(datom, BuiltIns.ALTER_ATTRIBUTE)) {
        alterations.add(datom);
      } else if (!isDatomicsOwn(datom, target)) {
        content.add(datom);
        altered.add(datom.e());
      }
    }
    for (Datom datom : alterations) {
      if (!(datom.v() instanceof Long attribute)
          || !isBuiltIn(attribute, target)
          || altered.contains(attribute)) {
        content.add(datom);
      }
    }
    return content;
  }

  /** Whether Datomic itself asserts this datom on a built-in in every database. */
  private boolean isDatomicsOwn(Datom datom, BaseSchema target) {
    Keyword attribute = schema.builtIn(datom.a());
    Keyword entity = schema.builtIn(datom.e());
    if (attribute == null || entity == null) {
      return false;
    }
    if ("db.install".equals(attribute.getNamespace())) {
      Keyword installed = datom.v() instanceof Long id ? schema.builtIn(id) : null;
      return installed != null
          && (builtInsDefined.contains((Long) datom.v())
              || target.id(installed) == null
              || target.states(entity, attribute, installed));
    }
    if (builtInsDefined.contains(datom.e())) {
      return true;
    }
    Attribute described = schema.attribute(datom.a());
    boolean isMany = described != null && described.many();
    return isMany ? target.states(entity, attribute, datom.v()) : target.states(entity, attribute);
  }

  /**
   * Decides by the source's bootstrap, which may be that of a newer Datomic, and by the target's
   * built-ins. A user's own {@code :db.type/mine} is in neither.
   */
  boolean isBuiltIn(long entity, BaseSchema target) {
    Keyword ident = schema.builtIn(entity);
    return ident != null && (target.id(ident) != null || builtInsOfBootstrap.contains(entity));
  }

  private boolean is(Datom datom, Keyword builtIn) {
    return builtIn.equals(schema.builtIn(datom.a()));
  }

  private boolean isEarlierOwn(Datom datom, Transaction transaction) {
    if (earlierOwn.isEmpty()) {
      return false;
    }
    boolean isInstallation =
        is(datom, BuiltIns.INSTALL_ATTRIBUTE)
            && datom.v() instanceof Long attribute
            && earlierOwn.contains(attribute);
    return isClaim(datom, transaction)
        || isInstallation
        || earlierOwn.contains(datom.a())
        || earlierOwn.contains(datom.e());
  }

  private boolean isClaim(Datom datom, Transaction transaction) {
    return definesEarlierOwn
        && is(datom, BuiltIns.DOC)
        && datom.e() >= Transaction.entityId(0)
        && datom.e() < transaction.tx();
  }

  /** The {@link #content} that speaks of built-ins, all but the alterations. */
  List<Datom> contentOnBuiltIns(Transaction transaction, BaseSchema target) {
    if (transaction.datoms().stream().noneMatch(datom -> isOnBuiltIn(datom, target))) {
      return List.of();
    }
    return content(transaction, target).stream()
        .filter(datom -> isOnBuiltIn(datom, target) && !is(datom, BuiltIns.ALTER_ATTRIBUTE))
        .toList();
  }

  /** Whether a built-in attribute says something of a built-in. */
  boolean isOnBuiltIn(Datom datom, BaseSchema target) {
    return isBuiltIn(datom.e(), target) && isBuiltIn(datom.a(), target);
  }

  /**
   * Whether a datom of the present state belongs in the state of a restored database, unless it is
   * {@link #isOnBuiltIn on a built-in}. A state does not hold which attributes were altered.
   */
  boolean isContentOfState(Datom datom, TargetLimits.LeftOutDatoms leftOut) {
    return !is(datom, BuiltIns.ENSURE)
        && !is(datom, BuiltIns.ALTER_ATTRIBUTE)
        && !leftOut.includes(datom)
        && !earlierOwn.contains(datom.a())
        && !earlierOwn.contains(datom.e())
        && !(is(datom, BuiltIns.DOC)
            && earlierClaims.getOrDefault(datom.e(), Set.of()).contains(datom.v()));
  }

  private boolean isRef(long attribute) {
    Attribute known = schema.attribute(attribute);
    return known == null
        ? BuiltIns.ALTER_ATTRIBUTE.equals(schema.builtIn(attribute)) // has no type in Local
        : known.isRef();
  }

  /** The value with each reference in it replaced. */
  Object mapReferences(long attribute, Object value, LongUnaryOperator mapping) {
    if (value instanceof Long reference && isRef(attribute)) {
      return mapping.applyAsLong(reference);
    }
    if (!(value instanceof List<?> elements)) {
      return value;
    }
    List<@Nullable Object> mapped = new ArrayList<>(elements);
    for (int i = 0; i < mapped.size(); i++) {
      if (mapped.get(i) instanceof Long reference && isRefElement(attribute, i)) {
        mapped.set(i, mapping.applyAsLong(reference));
      }
    }
    return PersistentVector.create(mapped);
  }

  private boolean isRefElement(long attribute, int index) {
    @Nullable Attribute known = schema.attribute(attribute);
    if (known == null) {
      return false;
    }
    List<Attribute> parts = components(attribute);
    return known.isComposite()
        ? index < parts.size() && parts.get(index).isRef()
        : known.isRefElement(index);
  }
}
