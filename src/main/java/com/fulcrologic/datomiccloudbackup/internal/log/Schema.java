package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a log as of some t: its attributes, and the ids of Datomic's built-ins. Each {@link
 * #apply} advances it by one transaction. Mutable; not thread-safe.
 */
public final class Schema {
  /** The built-ins that describe an attribute. */
  static final Set<Keyword> PROPERTIES =
      Set.of(
          BuiltIns.IDENT,
          BuiltIns.VALUE_TYPE,
          BuiltIns.CARDINALITY,
          BuiltIns.UNIQUE,
          BuiltIns.TUPLE_ATTRS,
          BuiltIns.TUPLE_TYPE,
          BuiltIns.TUPLE_TYPES);

  private final Map<Long, Attribute> attributes; // in order
  private final Map<Long, Attribute> attributesById; // same content, for fast look-ups per datom
  private final Map<Long, Keyword> builtIns;
  private final Map<Keyword, Long> attributeIdsByName;
  private final Map<Long, List<Keyword>> namesBefore;
  private long identId = -1;
  private int version;

  /** The schema before the first transaction: nothing, not even {@code :db/ident}. */
  public Schema() {
    this(List.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * @param attributes the attributes, including built-in ones
   * @param builtIns the ident of each built-in entity, by its id
   * @param lastBearers the id of the attribute that has an ident, or had it last; for each ident
   *     that several attributes have had, and possibly for others
   * @param namesBefore the idents, in the order of assertion, of each entity that is not an
   *     attribute but may become one
   */
  public Schema(
      Collection<Attribute> attributes,
      Map<Long, Keyword> builtIns,
      Map<Keyword, Long> lastBearers,
      Map<Long, List<Keyword>> namesBefore) {
    this.attributes = new TreeMap<>();
    this.attributesById = new HashMap<>();
    this.builtIns = new HashMap<>(builtIns);
    this.attributeIdsByName = new HashMap<>();
    this.namesBefore = new TreeMap<>(namesBefore);
    attributes.forEach(this::put);
    attributeIdsByName.putAll(lastBearers);
    builtIns.forEach(
        (id, ident) -> {
          if (ident.equals(BuiltIns.IDENT)) {
            identId = id;
          }
        });
  }

  public Schema copy() {
    return new Schema(attributes.values(), builtIns, attributeIdsByName, namesBefore);
  }

  /** The attribute with this id; null when there is none yet. */
  public @Nullable Attribute attribute(long id) {
    return attributesById.get(id);
  }

  /** The attribute that has this ident, or had it last; null when none ever had it. */
  public @Nullable Attribute attributeNamed(Keyword name) {
    Long id = attributeIdsByName.get(name);
    return id == null ? null : attributes.get(id);
  }

  /**
   * For each ident that several attributes have had, the id of the attribute that has it, or had it
   * last. The attributes alone do not show which one that is.
   */
  public Map<Keyword, Long> reusedNames() {
    Map<Keyword, Integer> bearerCounts = new HashMap<>();
    for (Attribute attribute : attributes.values()) {
      attribute.names().forEach(name -> bearerCounts.merge(name, 1, Integer::sum));
    }
    Map<Keyword, Long> reused = new TreeMap<>(attributeIdsByName);
    reused.keySet().removeIf(name -> bearerCounts.getOrDefault(name, 0) < 2);
    return reused;
  }

  /**
   * The idents of each entity in the id range of attributes that is not an attribute. Ascending by
   * id; the idents in the order of assertion. The entity may become an attribute, which then has
   * these idents.
   */
  public Map<Long, List<Keyword>> namesBefore() {
    return Collections.unmodifiableMap(namesBefore);
  }

  /** A number that grows when an attribute is added or changed. */
  int version() {
    return version;
  }

  /** Every attribute, in ascending order of id. */
  public Collection<Attribute> attributes() {
    return Collections.unmodifiableCollection(attributes.values());
  }

  /** The ident of the built-in entity with this id; null when it is not a built-in. */
  public @Nullable Keyword builtIn(long id) {
    return builtIns.get(id);
  }

  /** The ident of an attribute or of another built-in, for a report. */
  public String identText(long id) {
    Attribute attribute = attribute(id);
    return String.valueOf(attribute == null ? builtIn(id) : attribute.ident());
  }

  /** The ident of each built-in entity, by its id. */
  public Map<Long, Keyword> builtIns() {
    return Collections.unmodifiableMap(builtIns);
  }

  /**
   * Learns only the built-ins that this transaction defines. A transaction may define base schema
   * and use it at once.
   */
  public void learnBuiltIns(Transaction transaction) {
    long ident = identId(transaction);
    for (Datom datom : transaction.datoms()) {
      if (datom.a() == ident
          && datom.added()
          && datom.v() instanceof Keyword name
          && BuiltIns.isBuiltIn(datom.e(), name)) {
        builtIns.put(datom.e(), BuiltIns.known(name));
      }
    }
  }

  public void apply(Transaction transaction) {
    learnBuiltIns(transaction);
    Map<Long, Draft> drafts = null;
    for (Datom datom : transaction.datoms()) {
      Keyword property = builtIns.get(datom.a());
      if (property != null && PROPERTIES.contains(property)) {
        drafts = drafts == null ? new TreeMap<>() : drafts;
        drafts.computeIfAbsent(datom.e(), Draft::new).add(property, datom);
      }
    }
    if (drafts != null) {
      drafts.forEach(this::finish);
    }
  }

  private void finish(long id, Draft draft) {
    Attribute after = draft.applyTo(attributes.get(id), this);
    if (after != null) {
      put(after);
      namesBefore.remove(id);
      draft.assertedIdents().forEach(ident -> attributeIdsByName.put(ident, id));
    } else if (Transaction.isAmongSchema(id)
        && builtIns.get(id) == null
        && !draft.assertedIdents().isEmpty()) {
      List<Keyword> names = new ArrayList<>(namesBefore.getOrDefault(id, List.of()));
      names.addAll(draft.assertedIdents());
      namesBefore.put(id, List.copyOf(names));
    }
  }

  private void put(Attribute attribute) {
    version++;
    attributes.put(attribute.id(), attribute);
    attributesById.put(attribute.id(), attribute);
    attribute.names().forEach(name -> attributeIdsByName.putIfAbsent(name, attribute.id()));
  }

  /** In the first transaction, a datom of the attribute {@code :db/ident} itself defines it. */
  private long identId(Transaction transaction) {
    if (identId < 0) {
      for (Datom datom : transaction.datoms()) {
        if (datom.e() == datom.a() && BuiltIns.IDENT.equals(datom.v())) {
          identId = datom.a();
        }
      }
    }
    return identId;
  }

  private static final class Draft {
    private final long id;
    private final Map<Keyword, Object> asserted = new HashMap<>();
    private final Map<Keyword, Object> retracted = new HashMap<>();

    Draft(long id) {
      this.id = id;
    }

    void add(Keyword property, Datom datom) {
      (datom.added() ? asserted : retracted).put(property, datom.v());
    }

    List<Keyword> assertedIdents() {
      return asserted.get(BuiltIns.IDENT) instanceof Keyword ident ? List.of(ident) : List.of();
    }

    /** The attribute after the transaction; null for an entity that is not an attribute. */
    @Nullable Attribute applyTo(@Nullable Attribute before, Schema schema) {
      Keyword valueType =
          before != null ? before.valueType() : schema.valueType(asserted.get(BuiltIns.VALUE_TYPE));
      if (valueType == null) {
        return null;
      }
      Set<Keyword> names = new LinkedHashSet<>(before == null ? Set.of() : before.names());
      Keyword ident = before == null ? Attribute.UNNAMED : before.ident();
      Keyword builtIn = schema.builtIn(id);
      if (before == null && builtIn != null) { // the bootstrap asserts idents first
        names.add(builtIn);
        ident = builtIn;
      }
      if (before == null) {
        for (Keyword named : schema.namesBefore.getOrDefault(id, List.of())) {
          names.add(named);
          ident = named;
        }
      }
      for (Keyword newIdent : assertedIdents()) {
        names.add(newIdent);
        ident = newIdent;
      }
      Keyword cardinality = schema.named(asserted.get(BuiltIns.CARDINALITY));
      boolean many =
          cardinality == null
              ? before != null && before.many()
              : cardinality.equals(BuiltIns.CARDINALITY_MANY);
      return new Attribute(
          id,
          ident,
          names,
          valueType,
          many,
          uniqueAfter(before, schema),
          asserted.containsKey(BuiltIns.TUPLE_ATTRS) || before == null
              ? keywords(asserted.get(BuiltIns.TUPLE_ATTRS))
              : before.tupleAttrs(),
          asserted.containsKey(BuiltIns.TUPLE_TYPES) || before == null
              ? keywords(asserted.get(BuiltIns.TUPLE_TYPES))
              : before.tupleTypes(),
          asserted.get(BuiltIns.TUPLE_TYPE) instanceof Keyword type
              ? type
              : before == null ? null : before.tupleType());
    }

    private @Nullable Keyword uniqueAfter(@Nullable Attribute before, Schema schema) {
      Keyword now = schema.named(asserted.get(BuiltIns.UNIQUE));
      if (now != null) {
        return now;
      }
      return before == null || retracted.containsKey(BuiltIns.UNIQUE) ? null : before.unique();
    }

    private static List<Keyword> keywords(@Nullable Object tuple) {
      return tuple instanceof List<?> elements
          ? elements.stream().filter(Keyword.class::isInstance).map(Keyword.class::cast).toList()
          : List.of();
    }
  }

  private @Nullable Keyword valueType(@Nullable Object reference) {
    if (reference == null) {
      return null;
    }
    Keyword builtIn = named(reference);
    return builtIn == null ? Attribute.TYPE_OF_USER : builtIn;
  }

  /** The ident of the built-in that a reference points to. */
  private @Nullable Keyword named(@Nullable Object reference) {
    return reference instanceof Number id ? builtIns.get(id.longValue()) : null;
  }
}
