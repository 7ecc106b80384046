package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A history of some forty transactions that uses every value type and everything that a log may
 * hold: references to all sorts of things, components, retractions, annotations, unique values,
 * tuples of all three kinds, and a schema that changes under way. Dated in the past, and with an
 * entity before each part, so that no id happens to be the same in a restored database.
 */
public final class SampleWorld {
  private static final long FAR_ID = (777L << 42) + 3;

  private final DatomicConnection connection;
  private Instant now = Instant.parse("1999-12-31T23:00:00Z");

  private SampleWorld(DatomicConnection connection) {
    this.connection = connection;
  }

  /** Writes the whole history into an empty database. */
  public static void fill(DatomicConnection connection) {
    SampleWorld world = new SampleWorld(connection);
    world.schema();
    world.values();
    world.references();
    world.updates();
    world.tuples();
    world.schemaChanges();
  }

  /** Adds a transaction of two datoms, with nothing new in it. */
  public static void note(DatomicConnection connection) {
    connection.transact((List<?>) Edn.read("[[:db/add \"datomic.tx\" :db/doc \"noted\"]]"));
  }

  /** Adds some more, as a living source does. */
  public static void grow(DatomicConnection connection, int round) {
    SampleWorld world = new SampleWorld(connection);
    world.now = Instant.parse("2020-01-01T00:00:00Z").plusSeconds(3600L * round);
    for (int i = 0; i < 7; i++) {
      world.transact(
          "[[:db/add \"x\" :w/name \"grown "
              + round
              + " "
              + i
              + "\"]"
              + " [:db/add \"x\" :w/friend \"y\"] [:db/add \"y\" :w/name \"friend\"]"
              + " [:db/add [:w/id 1] :w/count "
              + (1_000 * round + i)
              + "]]");
    }
  }

  private void schema() {
    transact("[[:db/add \"early\" :db/doc \"an entity before any attribute\"]]");
    transact(
        "[{:db/ident :w/id :db/valueType :db.type/long :db/cardinality :db.cardinality/one"
            + " :db/unique :db.unique/identity :db/doc \"who\"}"
            + attribute("name", "string", "one", "")
            + attribute("tags", "string", "many", "")
            + attribute("email", "string", "one", ":db/unique :db.unique/value")
            + attribute("count", "long", "one", "")
            + attribute("rank", "bigdec", "one", ":db/unique :db.unique/identity")
            + attribute("flag", "boolean", "one", "")
            + attribute("big", "bigint", "one", "")
            + attribute("price", "bigdec", "one", "")
            + attribute("ratio", "double", "many", "")
            + attribute("share", "float", "many", "")
            + attribute("at", "instant", "many", "")
            + attribute("uuid", "uuid", "one", "")
            + attribute("uri", "uri", "one", "")
            + attribute("key", "keyword", "one", "")
            + attribute("symbol", "symbol", "one", "")
            + attribute("friend", "ref", "one", "")
            + attribute("things", "ref", "many", "")
            + attribute("part", "ref", "many", ":db/isComponent true")
            + attribute("log", "string", "one", ":db/noHistory true")
            + "{:db/ident :color/red} {:db/ident :color/blue}]");
    transact("[[:db/add \"datomic.tx\" :db/doc \"a note on the schema\"]]");
  }

  private void values() {
    transact(
        "[[:db/add \"a\" :w/id 1] [:db/add \"a\" :w/name \"\"] [:db/add \"a\" :w/flag false]]");
    List<Object> forms = new ArrayList<>();
    forms.add(add("b", "id", 2L));
    forms.add(add("b", "name", "~:not-a-keyword ^0 ` \u0000 \ud83d\ude00 ü"));
    forms.add(add("b", "count", Long.MIN_VALUE));
    forms.add(add("b", "big", BigInt.fromBigInteger(BigInteger.TWO.pow(80))));
    forms.add(add("b", "price", new BigDecimal("1.00")));
    forms.add(add("b", "uuid", UUID.fromString("00000000-0000-4000-8000-000000000001")));
    forms.add(add("b", "uri", URI.create("http://example.com/?q=%20#x")));
    forms.add(add("b", "key", Keyword.intern("a.b", "c")));
    forms.add(add("b", "symbol", Symbol.intern("a.b", "c")));
    for (double ratio : new double[] {0.1, -0.0, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
      forms.add(add("b", "ratio", ratio));
    }
    for (float share : new float[] {0.1f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY}) {
      forms.add(add("b", "share", share));
    }
    forms.add(add("b", "at", new Date(-1)));
    forms.add(add("b", "at", new Date(0)));
    forms.add(add("b", "at", new Date(4_102_444_800_123L)));
    transact(forms);
    transact(List.of(add("c", "id", 3L), add("c", "ratio", Double.NaN)));
    transact(List.of(add("c", "id", 3L), add("c", "share", Float.NaN)));
    transact(List.of(add("c", "id", 3L), add("c", "big", BigInt.fromLong(7))));
    transact(List.of(add("c", "id", 3L), add("c", "big", new BigInteger("8"))));
    transact(List.of(add("c", "id", 3L), add("c", "price", new BigDecimal("1.0"))));
    transact(List.of(add("c", "id", 3L), add("c", "price", new BigDecimal("1.00"))));
  }

  private void references() {
    transact(
        "[[:db/add \"o\" :w/id 10] [:db/add \"o\" :w/part \"l1\"] [:db/add \"o\" :w/part \"l2\"]"
            + " [:db/add \"l1\" :w/name \"line 1\"] [:db/add \"l2\" :w/name \"line 2\"]"
            + " [:db/add \"o\" :w/friend \"o\"]]");
    transact(
        "[[:db/add [:w/id 10] :w/things [:w/id 1]] [:db/add [:w/id 10] :w/things :color/red]"
            + " [:db/add [:w/id 10] :w/things :db.type/string]"
            + " [:db/add [:w/id 10] :w/things :w/name]"
            + " [:db/add [:w/id 10] :w/things \"datomic.tx\"]"
            + " [:db/add [:w/id 10] :w/things 13194139533319]"
            + " [:db/add [:w/id 10] :w/things 13194139533315]"
            + " [:db/add [:w/id 10] :w/things 0]"
            + " [:db/add [:w/id 10] :w/things "
            + FAR_ID
            + "]"
            + " [:db/add \"datomic.tx\" :w/name \"an annotated transaction\"]"
            + " [:db/add \"datomic.tx\" :w/friend [:w/id 1]]]");
    long tx = transact("[]").basisTAfter() + (3L << 42);
    // A long that happens to equal an id is a number all the same.
    transact(List.of(add("n", "id", tx), add("n", "count", entity(10))));
    transact(List.of(TxData.add(tx, key("name"), "a note on a transaction of the past")));
    transact(
        "[[:db/add :color/blue :w/name \"a name of an enum\"]"
            + " [:db/add :w/name :w/name \"a name of an attribute\"]"
            + " [:db/add :db.type/string :w/name \"a name of a built-in\"]]");
    transact(List.of(TxData.add(FAR_ID, key("name"), "born as a mere reference")));
  }

  private void updates() {
    transact("[[:db/add [:w/id 1] :w/name \"one\"] [:db/add [:w/id 1] :w/email \"a@x\"]]");
    transact(
        "[[:db/add [:w/id 1] :w/name \"uno\"] [:db/add [:w/id 1] :w/tags \"x\"]"
            + " [:db/add [:w/id 1] :w/tags \"y\"]]");
    transact("[[:db/retract [:w/id 1] :w/tags \"x\"] [:db/add [:w/id 1] :w/tags \"z\"]]");
    transact("[[:db/retract [:w/id 1] :w/name \"uno\"]]");
    transact("[[:db/retract [:w/id 1] :w/email \"a@x\"] [:db/add [:w/id 2] :w/email \"a@x\"]]");
    transact(
        List.of(
            TxData.retract(entity(2), key("email"), "a@x"),
            TxData.add("new", key("email"), "a@x"),
            TxData.add("new", key("name"), "took the address")));
    transact(
        List.of(TxData.retract(entity(3), key("id"), 3L), TxData.add(FAR_ID + 7, key("id"), 3L)));
    transact(List.of(TxData.add(entity(1), key("rank"), new BigDecimal("1.0"))));
    transact(
        List.of(
            TxData.add(entity(1), key("rank"), new BigDecimal("2.0")),
            TxData.add(FAR_ID + (1L << 42), key("rank"), new BigDecimal("1.00"))));
    transact("[[:db/add [:w/id 1] :w/log \"forget\"]]");
    transact("[[:db/add [:w/id 1] :w/log \"me\"]]");
    transact("[[:db/retractEntity [:w/id 10]]]");
    transact("[[:db/add \"datomic.tx\" :db/doc \"nothing but a note\"]]");
    transact("[]");
  }

  private void tuples() {
    transact(
        "[{:db/ident :w/pair :db/valueType :db.type/tuple :db/cardinality :db.cardinality/many"
            + "  :db/tupleTypes [:db.type/ref :db.type/long :db.type/string]}"
            + " {:db/ident :w/refs :db/valueType :db.type/tuple :db/cardinality :db.cardinality/one"
            + "  :db/tupleType :db.type/ref}"
            + " {:db/ident :w/name+count :db/valueType :db.type/tuple"
            + "  :db/cardinality :db.cardinality/one :db/tupleAttrs [:w/name :w/count]}"
            + " {:db/ident :w/friend+count :db/valueType :db.type/tuple :db/unique :db.unique/identity"
            + "  :db/cardinality :db.cardinality/one :db/tupleAttrs [:w/friend :w/count]}]");
    long one = entity(1);
    transact(
        List.of(
            TxData.add("p", key("pair"), PersistentVector.create(one, one, "x")),
            TxData.add("p", key("pair"), vector("q", 5L, null)),
            TxData.add("p", key("pair"), vector(null, 5L, "y")),
            TxData.add("q", key("name"), "in a tuple"),
            TxData.add("p", key("refs"), vector("q", one, null, FAR_ID + 11))));
    transact("[[:db/add [:w/id 1] :w/name \"uno\"]]");
    transact("[[:db/add [:w/id 1] :w/count " + Long.MAX_VALUE + "]]");
    transact("[[:db/add [:w/id 1] :w/count 5]]");
    transact("[[:db/add [:w/id 2] :w/count " + Long.MIN_VALUE + "]]"); // touches, changes nothing
    transact("[[:db/add [:w/id 1] :w/friend [:w/id 2]]]");
    transact("[[:db/retract [:w/id 1] :w/name \"uno\"]]");
  }

  private void schemaChanges() {
    transact("[[:db/add :w/tags :db/doc \"once many\"]]");
    transact("[[:db/retract [:w/id 1] :w/tags \"y\"]]");
    transact("[[:db/add :w/tags :db/cardinality :db.cardinality/one]]");
    transact("[[:db/add [:w/id 1] :w/tags \"only\"]]");
    transact(
        "[[:db/add :w/tags :db/cardinality :db.cardinality/many]"
            + " [:db/add [:w/id 1] :w/tags \"last of one\"]]");
    transact("[[:db/add [:w/id 1] :w/tags \"second\"]]");
    transact("[[:db/add :w/log :db/ident :w/journal]]");
    transact("[[:db/add [:w/id 1] :w/journal \"under its new name\"]]");
    transact("[[:db/add \"e\" :db/ident :w/log] [:db/add \"e\" :w/name \"took the ident\"]]");
    transact("[[:db/retract :w/email :db/unique :db.unique/value]]");
    transact("[[:db/add :w/name :db/noHistory true] [:db/add :db/txInstant :db/noHistory true]]");
    transact(
        "[[:db/add \"p\" :db/ident :db.part/mine]"
            + " [:db/add :db.part/db :db.install/partition \"p\"]]");
    transact("[[:db/add \"i\" :db/ident :db.mine/thing] [:db/add \"i\" :w/id 4711]]");
    reusedName();
  }

  /** A composite's component is whoever bears its name. */
  private void reusedName() {
    transact("[" + attribute("nick", "string", "one", "") + "]");
    transact("[[:db/add :w/nick :db/ident :w/former-nick]]");
    transact("[" + attribute("nick", "string", "one", "") + "]");
    transact("[[:db/add [:w/id 1] :w/nick \"n\"]]");
    transact(
        "[{:db/ident :w/nick+id :db/valueType :db.type/tuple :db/cardinality :db.cardinality/one"
            + " :db/tupleAttrs [:w/nick :w/id]}]");
    transact("[[:db/add [:w/id 1] :w/nick \"n\"]]");
  }

  private static String attribute(String name, String type, String cardinality, String more) {
    return "{:db/ident :w/"
        + name
        + " :db/valueType :db.type/"
        + type
        + " :db/cardinality :db.cardinality/"
        + cardinality
        + " "
        + more
        + "}";
  }

  private static Keyword key(String name) {
    return Keyword.intern("w", name);
  }

  private static Object add(String tempid, String attribute, Object value) {
    return TxData.add(tempid, key(attribute), value);
  }

  private static Object vector(@Nullable Object... elements) {
    return PersistentVector.create(Arrays.asList(elements));
  }

  private long entity(long id) {
    try (var datoms = connection.datoms(View.CURRENT, Index.AVET, key("id"), id)) {
      return datoms.findFirst().orElseThrow().e();
    }
  }

  private TransactionReport transact(String forms) {
    return transact((List<?>) Edn.read(forms));
  }

  private TransactionReport transact(List<?> forms) {
    now = now.plusSeconds(60);
    List<Object> dated = new ArrayList<>(forms);
    dated.add(
        TxData.add(TxData.CURRENT_TRANSACTION, Keyword.intern("db", "txInstant"), Date.from(now)));
    return connection.transact(dated);
  }
}
