package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A rewrite that makes two values of one entity equal is refused. The target would lose the one
 * value with the first that the source retracts.
 */
class MergedValuesTest {
  private static final Keyword VALUES = Keyword.intern("m", "values");
  private static final Object ENTITY = Edn.read("[:m/id 1]");

  private final LocalSystem system = LocalSystem.inMemory();
  private final DatomicConnection source = system.newDatabase();
  private final DatomicConnection target = system.newDatabase();

  @Test
  void refusesTwoValuesOfOneTransaction() {
    makeSource(
        "string", "[[:db/add [:m/id 1] :m/values \"x1\"] [:db/add [:m/id 1] :m/values \"x2\"]]");
    assertRefused(MergedValuesTest::firstLetter);
  }

  @Test
  void refusesTwoValuesOfANewEntity() {
    makeSource("string", "[{:m/id 2 :m/values [\"x1\" \"x2\"]}]");
    assertRefused(MergedValuesTest::firstLetter);
  }

  @Test
  void refusesAValueBesideOneThatIsThere() {
    makeSource("string", add("x1"), add("y"), add("x2"));
    assertRefused(MergedValuesTest::firstLetter);
  }

  @Test
  void refusesAValueThatReplacesAnother() {
    makeSource(
        "string",
        add("x1"),
        "[[:db/retract [:m/id 1] :m/values \"x1\"] [:db/add [:m/id 1] :m/values \"x2\"]]");
    assertRefused(MergedValuesTest::firstLetter);
  }

  /** The first value is from the time when the attribute had one. */
  @Test
  void refusesAValueOfAnAttributeThatBecameMany() {
    source.transact(
        forms(
            "[{:db/ident :m/values :db/valueType :db.type/string"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]"));
    for (String each :
        List.of(
            "[{:m/id 1 :m/values \"x1\"}]",
            "[[:db/cas [:m/id 1] :m/values \"x1\" \"x2\"] [:db/retract [:m/id 1] :m/values \"x1\"]]",
            "[[:db/add :m/values :db/cardinality :db.cardinality/many]]")) {
      source.transact(forms(each));
    }
    StoredBackup backup = backup(source, 100);
    restoreAll(
        new Restoring(backup),
        target,
        OPTIONS.rewriting(":m/values", MergedValuesTest::firstLetter));
    assertThat(history()).as("one value, and it stays").containsExactly("x added");
    assertThat(Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS).isEqual())
        .as("counts a retraction once that the log holds twice")
        .isTrue();
    source.transact(forms(add("x3")));
    assertRefused(MergedValuesTest::firstLetter);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void refusesValuesThatBecomeTwins(List<Object> values, List<Object> twins, boolean atOnce) {
    String type = values.get(0).getClass().getSimpleName().toLowerCase(Locale.ROOT);
    makeSource(type.replace("decimal", "dec"));
    List<Object> forms = values.stream().map(each -> TxData.add(ENTITY, VALUES, each)).toList();
    if (atOnce) {
      source.transact(forms);
    } else {
      forms.forEach(form -> source.transact(List.of(form)));
    }
    assertRefused(value -> twins.get(values.indexOf(value)));
  }

  @Test
  void refusesTuplesThatBecomeTwins() {
    source.transact(
        forms(
            "[{:db/ident :m/values :db/valueType :db.type/tuple"
                + "  :db/cardinality :db.cardinality/many :db/tupleTypes [:db.type/ref :db.type/uri]}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]"));
    source.transact(forms("[{:m/id 1} {:m/id 2}]"));
    Object other = Edn.read("[:m/id 2]");
    for (String uri : List.of("http://a.org", "http://b.org")) {
      source.transact(
          List.of(TxData.add(ENTITY, VALUES, PersistentVector.create(other, URI.create(uri)))));
    }
    assertRefused(
        pair -> {
          List<?> elements = (List<?>) pair;
          boolean isFirst = elements.get(1).equals(URI.create("http://a.org"));
          return PersistentVector.create(
              elements.get(0), URI.create(isFirst ? "http://c.org" : "http://C.org"));
        });
  }

  /** A value may come back as another one that is rewritten alike, once the first is gone. */
  @Test
  void restoresValuesThatFollowEachOther() {
    makeSource(
        "string",
        add("x1"),
        add("y"),
        "[[:db/retract [:m/id 1] :m/values \"x1\"]]",
        add("x2"),
        "[[:db/add \"new\" :m/id 3] [:db/add \"new\" :m/values \"x1\"]]",
        "[[:db/retract [:m/id 1] :m/values \"x2\"] [:db/retract [:m/id 1] :m/values \"y\"]]");
    StoredBackup backup = backup(source, 2);
    restoreAll(
        new Restoring(backup),
        target,
        OPTIONS.rewriting(":m/values", MergedValuesTest::firstLetter));
    assertThat(history())
        .containsExactlyInAnyOrder(
            "x added",
            "y added",
            "x retracted",
            "x added",
            "x added",
            "x retracted",
            "y retracted");
    assertThat(Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  static Stream<Arguments> twins() {
    List<List<List<Object>>> pairs =
        List.of(
            List.of(
                List.of(new BigDecimal("1"), new BigDecimal("2")),
                List.of(new BigDecimal("5.0"), new BigDecimal("5.00"))),
            List.of(
                List.of(BigInt.valueOf(1), BigInt.valueOf(2)),
                List.of(BigInt.valueOf(5), BigInteger.valueOf(5))),
            List.of(List.of(1.0, 2.0), List.of(0.0, -0.0)),
            List.of(List.of(1.0f, 2.0f), List.of(0.0f, -0.0f)),
            List.of(
                List.of(URI.create("http://a.org"), URI.create("http://b.org")),
                List.of(URI.create("http://c.org/%2f"), URI.create("HTTP://C.org/%2F"))));
    return pairs.stream()
        .flatMap(
            pair ->
                Stream.of(
                    Arguments.of(pair.get(0), pair.get(1), true),
                    Arguments.of(pair.get(0), pair.get(1), false)));
  }

  private void makeSource(String type, String... transactions) {
    source.transact(
        forms(
            "[{:db/ident :m/values :db/valueType :db.type/"
                + type
                + " :db/cardinality :db.cardinality/many}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]"));
    source.transact(forms("[{:m/id 1}]"));
    for (String each : transactions) {
      source.transact(forms(each));
    }
  }

  /** At the last transaction, again and again, and without a trace of it. */
  private void assertRefused(UnaryOperator<Object> rewrite) {
    StoredBackup backup = backup(source, 2);
    for (int process = 1; process <= 2; process++) {
      assertThatThrownBy(
              () ->
                  restoreAll(
                      new Restoring(backup), target, OPTIONS.rewriting(":m/values", rewrite)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("t " + source.basisT() + ": the rewrite of :m/values");
    }
    assertThat(new Restoring(backup).restoredThrough(target).orElseThrow().t())
        .isEqualTo(source.basisT() - 1);
  }

  private List<String> history() {
    try (Stream<Datom> datoms = target.datoms(View.CURRENT.withHistory(), Index.AEVT, VALUES)) {
      return datoms.map(datom -> datom.v() + (datom.added() ? " added" : " retracted")).toList();
    }
  }

  private static Object firstLetter(Object value) {
    return ((String) value).substring(0, 1);
  }

  private static String add(String value) {
    return "[[:db/add [:m/id 1] :m/values \"" + value + "\"]]";
  }

  private static List<?> forms(String edn) {
    return (List<?>) Edn.read(edn);
  }
}
