package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.ReplayFixture.attribute;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.ReplayFixture.composite;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Composites come by themselves, when what they come from is said in the same way. */
class CompositeReplayTest {
  private static final Object E = Edn.read("[:c/id 1]");

  /**
   * The transaction holds the composite of a and b alone, and does not tell which of them was
   * asserted again. Asserting a would bring about the one of a and c, too; the one of b and c is
   * there already.
   */
  @Test
  void touchesTheComponentThatBringsNothingElse() {
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "[[:db/add \"early\" :db/doc \"an entity before\"]]",
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/a", "string", "")
                    + attribute(":c/b", "string", "")
                    + attribute(":c/c", "string", "")
                    + "]",
                "[{:c/id 1 :c/a \"a\" :c/b \"b\" :c/c \"c\"}]",
                "[" + composite(":c/b+c", ":c/b :c/c") + "]",
                "[[:db/add [:c/id 1] :c/c \"c\"]]",
                "[" + composite(":c/a+b", ":c/a :c/b") + composite(":c/a+c", ":c/a :c/c") + "]",
                "[[:db/add [:c/id 1] :c/b \"b\"]]");
    assertThat(replay.lastDatomCount()).as("its date and one composite").isEqualTo(2);
    replay.assertRestores();
  }

  /** Asserting a would bring about the composite of a and c, too; b is in no other one. */
  @Test
  void touchesTheComponentThatIsInNoOtherComposite() {
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/a", "string", "")
                    + attribute(":c/b", "string", "")
                    + attribute(":c/c", "string", "")
                    + "]",
                "[{:c/id 1 :c/a \"a\" :c/b \"b\" :c/c \"c\"}]",
                "[" + composite(":c/a+b", ":c/a :c/b") + composite(":c/a+c", ":c/a :c/c") + "]",
                "[[:db/add [:c/id 1] :c/b \"b\"]]");
    assertThat(replay.lastDatomCount()).as("its date and one composite").isEqualTo(2);
    replay.assertRestores();
  }

  /** 0 as a BigInt, then as a BigInteger: no datom of its own, but the composite holds it. */
  @Test
  void repeatsAValueThatDatomicTakesForTheOneThatIsThere() {
    Keyword number = Keyword.intern("c", "number");
    Keyword ratio = Keyword.intern("c", "ratio");
    Keyword name = Keyword.intern("c", "name");
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/number", "bigint", "")
                    + attribute(":c/ratio", "double", "")
                    + attribute(":c/name", "string", "")
                    + composite(":c/all", ":c/number :c/ratio :c/name")
                    + "]",
                "[{:c/id 1 :c/name \"before\"}]")
            .transact(
                List.of(TxData.add(E, number, BigInt.fromLong(0)), TxData.add(E, ratio, -0.0)))
            .transact(
                List.of(
                    TxData.add(E, number, BigInteger.ZERO),
                    TxData.add(E, ratio, 0.0),
                    TxData.add(E, name, "after")));
    assertThat(replay.lastDatomCount())
        .as("its date, two of the name, two of the composite")
        .isEqualTo(5);
    replay.assertRestores();
  }

  /**
   * Found by random worlds. The one of number and note is there already, and to Datomic stays as it
   * is, so that nothing comes of touching the number but what the transaction holds.
   */
  @Test
  void repeatsAValueThatIsInAnotherComposite() {
    Keyword number = Keyword.intern("c", "number");
    Keyword count = Keyword.intern("c", "count");
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/number", "bigint", "")
                    + attribute(":c/count", "long", "")
                    + attribute(":c/note", "string", "")
                    + composite(":c/number+count", ":c/number :c/count")
                    + composite(":c/number+note", ":c/number :c/note")
                    + "]",
                "[{:c/id 1 :c/number 0N :c/count 1}]")
            .transact(List.of(TxData.add(E, number, BigInteger.ZERO), TxData.add(E, count, 2L)));
    assertThat(replay.lastDatomCount())
        .as("its date, two of the count, two of one composite")
        .isEqualTo(5);
    replay.assertRestores();
  }

  /**
   * Found by random worlds: a number asserted over NaN adds no datom, but the composite holds it.
   */
  @Test
  void repeatsANumberThatDatomicTakesForNaN() {
    Keyword ratio = Keyword.intern("c", "ratio");
    Keyword name = Keyword.intern("c", "name");
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/ratio", "double", "")
                    + attribute(":c/name", "string", "")
                    + composite(":c/ratio+name", ":c/ratio :c/name")
                    + "]",
                "[{:c/id 1 :c/ratio ##NaN :c/name \"before\"}]")
            .transact(List.of(TxData.add(E, ratio, 1.5), TxData.add(E, name, "after")));
    assertThat(replay.lastDatomCount())
        .as("its date, two of the name, two of the composite")
        .isEqualTo(5);
    replay.assertRestores();
  }

  /** Spellings of one URI: the datom keeps the first, each composite the latest. */
  @ParameterizedTest
  @CsvSource({
    "HTTP://example.org/a, http://example.org/a",
    "http://Example.org/a, http://example.ORG/a",
    "http://example.org/%2f, http://example.org/%2F",
  })
  void repeatsAUriInItsNewSpelling(String before, String after) {
    Keyword uri = Keyword.intern("c", "uri");
    Keyword count = Keyword.intern("c", "count");
    Keyword friend = Keyword.intern("c", "friend");
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/uri", "uri", "")
                    + attribute(":c/count", "long", "")
                    + attribute(":c/friend", "ref", "")
                    + composite(":c/uri+count", ":c/uri :c/count")
                    + attribute(
                        ":c/friend+uri",
                        "tuple",
                        ":db/tupleAttrs [:c/friend :c/uri] :db/unique :db.unique/value")
                    + "]",
                "[{:c/id 1 :c/count 1} {:c/id 2}]")
            .transact(
                List.of(
                    TxData.add(E, uri, URI.create(before)),
                    TxData.add(E, friend, Edn.read("[:c/id 2]"))))
            .transact(List.of(TxData.add(E, uri, URI.create(after)), TxData.add(E, count, 2L)));
    assertThat(replay.lastDatomCount())
        .as("its date, two of the count, two of one composite")
        .isEqualTo(5);
    replay
        .transact(
            List.of(
                TxData.add(E, uri, URI.create(after)),
                TxData.add(E, friend, Edn.read("[:c/id 1]"))))
        .assertRestores();
  }

  /** Found by random worlds: by itself, Datomic refuses a twin of a unique number. */
  @Test
  void repeatsATwinOfAUniqueValue() {
    Keyword number = Keyword.intern("c", "number");
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/number", "bigdec", ":db/unique :db.unique/identity")
                    + attribute(":c/name", "string", "")
                    + composite(":c/number+name", ":c/number :c/name")
                    + "]",
                "[{:c/id 1 :c/number 1.0M}]")
            .transact(
                List.of(
                    TxData.add(E, number, new BigDecimal("1.0")),
                    TxData.add(E, number, new BigDecimal("1.00")),
                    TxData.add(E, Keyword.intern("c", "name"), "a")));
    assertThat(replay.lastDatomCount()).as("its date, the name, two of the composite").isEqualTo(4);
    replay.assertRestores();
  }

  /** Found by random worlds. Elsewhere Datomic refuses two values at once. */
  @Test
  void repeatsTheValueThatAnAttributeLosesInTheSameTransaction() {
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/a", "string", "")
                    + attribute(":c/b", "string", "")
                    + composite(":c/a+b", ":c/a :c/b")
                    + "]",
                "[[:db/add :c/id :c/a \"old\"] [:db/add :c/id :c/id 1]]",
                "[[:db/add [:c/id 1] :c/a \"new\"] [:db/add :c/id :c/a \"old\"]"
                    + " [:db/add :c/id :c/b \"b\"]]");
    assertThat(replay.lastDatomCount())
        .as("its date, two of a, one of b, two of the composite")
        .isEqualTo(6);
    replay.assertRestores();
  }

  /** The entity that it refers to may be one that nobody remembers. */
  @Test
  void touchesAReference() {
    ReplayFixture replay =
        new ReplayFixture()
            .transact(
                "[[:db/add \"early\" :db/doc \"an entity before\"]]",
                "["
                    + attribute(":c/id", "long", ":db/unique :db.unique/identity")
                    + attribute(":c/friend", "ref", "")
                    + attribute(":c/count", "long", "")
                    + "]",
                "[{:c/id 1 :c/friend \"x\" :c/count 1} {:db/id \"x\" :c/id 2}]",
                "[" + composite(":c/friend+count", ":c/friend :c/count") + "]",
                "[[:db/add [:c/id 1] :c/friend [:c/id 2]]]");
    assertThat(replay.lastDatomCount()).as("its date and one composite").isEqualTo(2);
    replay.assertRestores();
  }
}
