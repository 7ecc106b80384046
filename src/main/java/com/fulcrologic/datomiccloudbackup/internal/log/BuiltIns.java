package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Map;
import java.util.Set;

/**
 * The idents of Datomic itself.
 *
 * <p>A built-in is recognized by name, not by id or date: base schema may arrive late, in a
 * normally dated transaction. Only the namespaces that Datomic uses count, since a user may own
 * {@code :db.mine/thing}. In {@code db.part}, only Datomic's own partitions count.
 */
public final class BuiltIns {
  private static final Set<String> NAMESPACES =
      Set.of(
          "db",
          "db.alter",
          "db.attr",
          "db.bootstrap",
          "db.cardinality",
          "db.entity",
          "db.error",
          "db.excise",
          "db.fn",
          "db.index",
          "db.install",
          "db.lang",
          "db.sys",
          "db.type",
          "db.unique",
          "fressian");

  private static final String PARTITIONS = "db.part";
  private static final Set<String> PARTITION_NAMES = Set.of("db", "tx", "user", "sys");

  public static final Keyword IDENT = Keyword.intern("db", "ident");
  public static final Keyword VALUE_TYPE = Keyword.intern("db", "valueType");
  public static final Keyword CARDINALITY = Keyword.intern("db", "cardinality");
  public static final Keyword UNIQUE = Keyword.intern("db", "unique");
  public static final Keyword DOC = Keyword.intern("db", "doc");
  public static final Keyword NO_HISTORY = Keyword.intern("db", "noHistory");
  public static final Keyword TUPLE_ATTRS = Keyword.intern("db", "tupleAttrs");
  public static final Keyword TUPLE_TYPE = Keyword.intern("db", "tupleType");
  public static final Keyword TUPLE_TYPES = Keyword.intern("db", "tupleTypes");
  public static final Keyword IS_COMPONENT = Keyword.intern("db", "isComponent");
  public static final Keyword TX_INSTANT = Keyword.intern("db", "txInstant");
  public static final Keyword ENTITY_ATTRS = Keyword.intern("db.entity", "attrs");
  public static final Keyword ENTITY_PREDS = Keyword.intern("db.entity", "preds");
  public static final Keyword ENSURE = Keyword.intern("db", "ensure");
  public static final Keyword INSTALL_ATTRIBUTE = Keyword.intern("db.install", "attribute");
  public static final Keyword ATTR_PREDS = Keyword.intern("db.attr", "preds");
  public static final Keyword INSTALL_VALUE_TYPE = Keyword.intern("db.install", "valueType");
  public static final Keyword INSTALL_PARTITION = Keyword.intern("db.install", "partition");
  public static final Keyword ALTER_ATTRIBUTE = Keyword.intern("db.alter", "attribute");
  public static final Keyword FRESSIAN_TAG = Keyword.intern("fressian", "tag");
  public static final Keyword INDEX = Keyword.intern("db", "index");
  public static final Keyword EXCISE = Keyword.intern("db", "excise");
  public static final Keyword INSTALL_FUNCTION = Keyword.intern("db.install", "function");
  public static final Keyword FULLTEXT = Keyword.intern("db", "fulltext");
  public static final Keyword SYSTEM_TX = Keyword.intern("db", "system-tx");
  public static final Keyword TYPE_REF = Keyword.intern("db.type", "ref");
  public static final Keyword TYPE_FLOAT = Keyword.intern("db.type", "float");
  public static final Keyword TYPE_LONG = Keyword.intern("db.type", "long");
  public static final Keyword TYPE_INSTANT = Keyword.intern("db.type", "instant");
  public static final Keyword TYPE_TUPLE = Keyword.intern("db.type", "tuple");
  public static final Keyword CARDINALITY_ONE = Keyword.intern("db.cardinality", "one");
  public static final Keyword CARDINALITY_MANY = Keyword.intern("db.cardinality", "many");
  public static final Keyword UNIQUE_VALUE = Keyword.intern("db.unique", "value");

  /** In Datomic Pro, two built-ins have a second, older ident. */
  private static final Map<Keyword, Keyword> ALIASES =
      Map.of(
          Keyword.intern("db.fn", "cas"), Keyword.intern("db", "cas"),
          Keyword.intern("db.fn", "retractEntity"), Keyword.intern("db", "retractEntity"));

  private BuiltIns() {}

  /** Whether it is an attribute of requests for excisions. */
  public static boolean isOfExcision(Keyword ident) {
    return ident.equals(EXCISE) || "db.excise".equals(ident.getNamespace());
  }

  /** The ident by which a built-in is known here: its newer one, if it has two. */
  public static Keyword known(Keyword ident) {
    return ALIASES.getOrDefault(ident, ident);
  }

  /** Whether the entity with this id and ident is Datomic's own; these are in partition 0. */
  public static boolean isBuiltIn(long id, Keyword ident) {
    String namespace = ident.getNamespace();
    if (namespace == null || id >>> Transaction.INDEX_BITS != 0) {
      return false;
    }
    return namespace.equals(PARTITIONS)
        ? PARTITION_NAMES.contains(ident.getName())
        : NAMESPACES.contains(namespace);
  }
}
