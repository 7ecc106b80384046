package com.fulcrologic.datomiccloudbackup.internal.restore;

import static com.fulcrologic.datomiccloudbackup.internal.restore.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.StoreException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.VerifyOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is filtered is nowhere in the target's history, and everything else is there. */
class RestoreFilterTest {
  private static LocalSystem system;
  private static DatomicConnection source;
  private static StoredBackup backup;

  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    backup = backup(source, 10);
  }

  /**
   * The attribute was called :w/log until it was renamed, and its datoms carry an id, not a name.
   */
  @ParameterizedTest
  @ValueSource(strings = {":w/log", ":w/journal", "w/journal"})
  void excludesAnAttributeUnderEachNameItEverHad(String ident) {
    DatomicConnection target = system.newDatabase();
    var end = restoreAll(new Restore(backup), target, OPTIONS.excluding(ident));
    assertThat(end.unmatchedFilters()).isEmpty();
    assertThat(historyOf(target, "journal")).isEmpty();
    assertThat(historyOf(source, "journal")).isNotEmpty();
    assertThat(historyOf(target, "tags")).hasSameSizeAs(historyOf(source, "tags"));
    assertThat(historyOf(target, Bookkeeping.SOURCE_T)).hasSize((int) source.basisT() + 1);
  }

  @Test
  void rewritesAssertionsAndRetractionsAlike() {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup),
        target,
        OPTIONS.rewriting(":w/email", email -> "m" + ((String) email).length()));
    assertThat(values(historyOf(target, "email"))).containsOnly("m3");
    assertThat(historyOf(target, "email")).hasSameSizeAs(historyOf(source, "email"));
  }

  /** x and y become one; it stays until both are gone. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void mergesValuesOfCardinalityManyUntilTheLastOfThemIsGone(int transactionCountMax) {
    DatomicConnection many = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :m/tags :db/valueType :db.type/string :db/cardinality :db.cardinality/one}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :m/id 1] [:db/add \"e\" :m/tags \"x0\"]]",
            "[[:db/cas [:m/id 1] :m/tags \"x0\" \"x1\"] [:db/retract [:m/id 1] :m/tags \"x0\"]]",
            "[[:db/add :m/tags :db/cardinality :db.cardinality/many]]",
            "[[:db/add [:m/id 1] :m/tags \"x2\"] [:db/add [:m/id 1] :m/tags \"z\"]]",
            "[[:db/retract [:m/id 1] :m/tags \"x1\"]]",
            "[[:db/retract [:m/id 1] :m/tags \"x2\"] [:db/add [:m/id 1] :m/tags \"x3\"]]",
            "[[:db/retract [:m/id 1] :m/tags \"x3\"]]",
            "[[:db/add [:m/id 1] :m/tags \"x1\"] [:db/add [:m/id 1] :m/tags \"x2\"]]",
            "[[:db/retract [:m/id 1] :m/tags \"x1\"] [:db/retract [:m/id 1] :m/tags \"x2\"]]")) {
      many.transact((List<?>) Edn.read(forms));
    }
    StoredBackup stored = backup(many, transactionCountMax);
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.rewriting(":m/tags", tag -> ((String) tag).substring(0, 1));
    while (new Restore(stored).restoreSegment(target, options) instanceof RestoredSegment) {
      // each one remembers nothing
    }
    assertThat(
            historyOf(target, Keyword.intern("m", "tags")).stream()
                .sorted(Comparator.comparing(Datom::tx).thenComparing(Datom::added))
                .map(datom -> datom.v() + (datom.added() ? " added" : " retracted")))
        .filteredOn(datom -> datom.startsWith("x"))
        .containsExactly("x added", "x retracted", "x added", "x retracted");
    assertThat(spanOf(target, "x", "x")).isEqualTo(spanOf(many, "x0", "x3"));
    assertThat(Verification.ofRestored(stored, target, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  /** From the first assertion of one tag to the first retraction of the other, in transactions. */
  private static long spanOf(DatomicConnection connection, String asserted, String retracted) {
    List<Datom> tags = historyOf(connection, Keyword.intern("m", "tags"));
    return firstTx(tags, retracted, false) - firstTx(tags, asserted, true);
  }

  private static long firstTx(List<Datom> datoms, String value, boolean added) {
    return datoms.stream()
        .filter(datom -> datom.v().equals(value) && datom.added() == added)
        .mapToLong(Datom::tx)
        .min()
        .orElseThrow();
  }

  /** The name came first, and the attribute later: perhaps in a later segment. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void excludesAnAttributeThatHadItsNameBeforeItWasOne(int transactionCountMax) {
    DatomicConnection early = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :s/part :db/valueType :db.type/ref :db/isComponent true"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :s/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"x\" :s/id 1] [:db/add \"x\" :db/ident :s/early]"
                + " [:db/add :s/part :s/part \"x\"]]",
            "[{:db/id [:s/id 1] :db/valueType :db.type/string"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"y\" :s/early \"told to nobody\"]]")) {
      early.transact((List<?>) Edn.read(forms));
    }
    StoredBackup stored = backup(early, transactionCountMax);
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restore(stored), target, OPTIONS.excluding(":s/early"));
    assertThat(everythingIn(early)).contains("told to nobody");
    assertThat(everythingIn(target)).doesNotContain("told to nobody");
    assertThat(Verification.ofRestored(stored, target, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  /** What is stored after the filter was resolved waits for the next call. */
  @Test
  void restoresNothingThatItsFilterHasNotSeen() {
    DatomicConnection living = system.newDatabase();
    BackupStore store = new MemoryBackupStore();
    SampleWorld.fill(living);
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS.withTransactionCountMax(1_000));
    Restore restore = new Restore(StoredBackup.of(store, "w"));
    RestoreOptions options = OPTIONS.excluding(":w/late");
    DatomicConnection target = system.newDatabase();
    while (restore.restoreSegment(target, options) instanceof RestoredSegment) {
      // until nothing is new
    }
    DatomicConnection growing =
        new ForwardingConnection(target) {
          private boolean hasGrown;

          @Override
          public long basisT() { // asked where the target stands, after the filter was resolved
            if (!hasGrown) {
              hasGrown = true;
              living.transact(
                  (List<?>)
                      Edn.read(
                          "[{:db/ident :w/late :db/valueType :db.type/string"
                              + " :db/cardinality :db.cardinality/one}]"));
              living.transact((List<?>) Edn.read("[[:db/add \"x\" :w/late \"too late\"]]"));
              Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
            }
            return super.basisT();
          }
        };
    while (restore.restoreSegment(growing, options) instanceof RestoredSegment) {
      // until nothing is new
    }
    restoreAll(new Restore(StoredBackup.of(store, "w")), target, options);
    assertThat(everythingIn(living)).contains("too late");
    assertThat(everythingIn(target)).contains(":w/late").doesNotContain("too late");
  }

  /** A count that broke off is begun anew. */
  @Test
  void countsMergedValuesAnewAfterTheStoreFailed() {
    DatomicConnection many = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :m/tags :db/valueType :db.type/string :db/cardinality :db.cardinality/many}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :m/id 1] [:db/add \"e\" :m/tags \"x1\"]]",
            "[[:db/add [:m/id 1] :m/id 1]]",
            "[[:db/retract [:m/id 1] :m/tags \"x1\"]]")) {
      many.transact((List<?>) Edn.read(forms));
    }
    MemoryBackupStore store = new MemoryBackupStore();
    Cloning.with(store).backup("w", many, BackupOptions.DEFAULTS.withTransactionCountMax(1));
    AttributeFilter filter =
        new Filters(StoredBackup.of(store, "w"))
            .resolve(OPTIONS.rewriting(":m/tags", tag -> "x"), new TxRange(9, 10));
    boolean[] fails = {true};
    BackupStore failing =
        new ForwardingBackupStore(store) {

          @Override
          public Optional<byte[]> read(String key, int sizeMax) {
            if (fails[0] && key.contains("-8-9")) {
              throw new StoreException("Failed to read: for the test", "try again");
            }
            return super.read(key, sizeMax);
          }
        };
    MergedValues values = new MergedValues(StoredBackup.of(failing, "w"), filter, 100);
    values.standAt(8);
    Schema schema = StoredBackup.of(store, "w").segment(new TxRange(9, 10)).schemaAtStart();
    Transaction last;
    try (Stream<Transaction> log = many.txRange(new TxRange(9, 10))) {
      last = log.findFirst().orElseThrow();
    }
    assertThatThrownBy(() -> values.superfluous(last, schema)).isInstanceOf(StoreException.class);
    fails[0] = false;
    values.standAt(8);
    assertThat(values.superfluous(last, schema)).as("the only value goes").isEmpty();
  }

  @Test
  void refusesMoreMergedValuesThanItCanCount() {
    assertThatThrownBy(() -> countAtMostOne(OPTIONS.rewriting(":w/tags", tag -> tag)))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  /** Of cardinality one, values replace each other, and there is nothing to count. */
  @Test
  void countsNoValuesOfCardinalityOne() {
    assertThat(historyOf(source, "name")).hasSizeGreaterThan(1);
    countAtMostOne(OPTIONS.rewriting(":w/name", name -> name));
  }

  private static void countAtMostOne(RestoreOptions options) {
    AttributeFilter filter =
        new Filters(backup).resolve(options, backup.newest().orElseThrow().range());
    MergedValues values = new MergedValues(backup, filter, 1);
    Schema schema = new Schema();
    try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
      log.forEach(
          transaction -> {
            values.superfluous(transaction, schema);
            values.restored(transaction);
            schema.apply(transaction);
          });
    }
  }

  /** Two values become two that Datomic takes for one: it stays until both are gone. */
  @ParameterizedTest
  @MethodSource("twins")
  void mergesValuesIntoTwins(List<Object> values, List<Object> twins, boolean atOnce) {
    String type = values.get(0).getClass().getSimpleName().toLowerCase(Locale.ROOT);
    DatomicConnection many = system.newDatabase();
    for (String schema :
        List.of(
            "[{:db/ident :m/numbers :db/valueType :db.type/"
                + type.replace("decimal", "dec")
                + " :db/cardinality :db.cardinality/many}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :m/id 1]]")) {
      many.transact((List<?>) Edn.read(schema));
    }
    Object entity = Edn.read("[:m/id 1]");
    Keyword numbers = Keyword.intern("m", "numbers");
    List<Object> forms = values.stream().map(each -> TxData.add(entity, numbers, each)).toList();
    if (atOnce) {
      many.transact(forms);
    } else {
      forms.forEach(form -> many.transact(List.of(form)));
    }
    values.forEach(each -> many.transact(List.of(TxData.retract(entity, numbers, each))));

    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup(many, 100)),
        target,
        OPTIONS.rewriting(":m/numbers", each -> twins.get(values.indexOf(each))));
    assertThat(historyOf(target, numbers))
        .extracting(datom -> datom.added() ? "added" : "retracted")
        .containsExactlyInAnyOrder("added", "retracted");
    try (Stream<Transaction> log =
        target.txRange(new TxRange(target.basisT(), target.basisT() + 1))) {
      assertThat(log.flatMap(last -> last.datoms().stream()))
          .as("retracted with the last of them")
          .anyMatch(datom -> !datom.added() && twins.contains(datom.v()));
    }
  }

  @Test
  void mergesTuplesOfTwins() {
    DatomicConnection many = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :m/links :db/valueType :db.type/tuple :db/cardinality :db.cardinality/many"
                + "  :db/tupleTypes [:db.type/uri :db.type/long]}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :m/id 1]]")) {
      many.transact((List<?>) Edn.read(forms));
    }
    Object entity = Edn.read("[:m/id 1]");
    Keyword links = Keyword.intern("m", "links");
    List<PersistentVector> pairs =
        List.of(
            PersistentVector.create(URI.create("http://a.org"), 1L),
            PersistentVector.create(URI.create("http://b.org"), 1L));
    pairs.forEach(pair -> many.transact(List.of(TxData.add(entity, links, pair))));
    pairs.forEach(pair -> many.transact(List.of(TxData.retract(entity, links, pair))));
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup(many, 100)),
        target,
        OPTIONS.rewriting(
            ":m/links",
            pair ->
                PersistentVector.create(
                    URI.create(pair.equals(pairs.get(0)) ? "http://c.org" : "http://C.org"), 1L)));
    assertThat(historyOf(target, links))
        .extracting(datom -> datom.added() ? "added" : "retracted")
        .containsExactlyInAnyOrder("added", "retracted");
  }

  /** What is retracted holds a reference, which is another number in the target. */
  @Test
  void retractsAMergedTupleThatHoldsAReference() {
    DatomicConnection many = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :m/pairs :db/valueType :db.type/tuple :db/cardinality :db.cardinality/many"
                + "  :db/tupleTypes [:db.type/ref :db.type/long]}"
                + " {:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :m/id 1] [:db/add \"other\" :m/id 2]]",
            "[[:db/add [:m/id 1] :m/pairs [[:m/id 2] 3]]"
                + " [:db/add [:m/id 1] :m/pairs [[:m/id 2] 4]]]",
            "[[:db/retract [:m/id 1] :m/pairs [[:m/id 2] 3]]]",
            "[[:db/retract [:m/id 1] :m/pairs [[:m/id 2] 4]]]")) {
      many.transact((List<?>) Edn.read(forms));
    }
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup(many, 100)),
        target,
        OPTIONS.rewriting(
            ":m/pairs", pair -> PersistentVector.create(((List<?>) pair).get(0), 0L)));
    assertThat(historyOf(target, Keyword.intern("m", "pairs")))
        .extracting(datom -> datom.added() ? "added" : "retracted")
        .containsExactlyInAnyOrder("added", "retracted");
  }

  static Stream<Arguments> twins() {
    List<List<List<Object>>> pairs =
        List.of(
            List.of(
                List.of(new BigDecimal("1"), new BigDecimal("2"), new BigDecimal("3")),
                List.of(new BigDecimal("5.0"), new BigDecimal("5.00"), new BigDecimal("5.00"))),
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

  @Test
  void rewritesTuplesAndLeavesTheirReferences() {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup),
        target,
        OPTIONS.rewriting(
            ":w/pair", pair -> PersistentVector.create(((List<?>) pair).get(0), 7L, "rewritten")));
    assertThat(values(historyOf(target, "pair")))
        .hasSize(3)
        .allSatisfy(pair -> assertThat(((List<?>) pair).get(2)).isEqualTo("rewritten"))
        .noneSatisfy(pair -> assertThat(values(historyOf(source, "pair"))).contains(pair));
    assertThat(Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  @Test
  void refusesToPointATuplesReferenceElsewhere() {
    DatomicConnection target = system.newDatabase();
    RestoreOptions options =
        OPTIONS.rewriting(":w/pair", pair -> PersistentVector.create(4711L, 7L, "rewritten"));
    assertThatThrownBy(() -> restoreAll(new Restore(backup), target, options))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":w/pair");
  }

  /** Neither in its own datoms, nor in a composite, nor where one had to be touched. */
  @Test
  void leavesNothingOfAnExcludedValueBehind() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restore(backup), target, OPTIONS.excluding(":w/name"));
    assertThat(everythingIn(source)).contains("\"line 1\"", "\"uno\"", "\"in a tuple\"");
    assertThat(everythingIn(target))
        .contains("an entity before any attribute")
        .doesNotContain("\"line 1\"", "\"uno\"", "\"in a tuple\"");
    assertThat(Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  /** The composite is computed anew with a value that has twins, which is touched elsewhere. */
  @Test
  void leavesNothingOfAnExcludedValueThatHasTwinsBehind() {
    DatomicConnection twins = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :x/price :db/valueType :db.type/bigdec"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :x/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :x/count :db/valueType :db.type/long"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :x/price+count :db/valueType :db.type/tuple"
                + "  :db/cardinality :db.cardinality/one :db/tupleAttrs [:x/price :x/count]}]",
            "[[:db/add \"e\" :x/id 1] [:db/add \"e\" :x/price 4.70M] [:db/add \"e\" :x/count 1]]",
            "[[:db/add [:x/id 1] :x/count 2]]")) {
      twins.transact((List<?>) Edn.read(forms));
    }
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restore(backup(twins, 100)), target, OPTIONS.excluding(":x/price"));
    assertThat(everythingIn(twins)).contains("[4.70M 2]");
    assertThat(everythingIn(target)).contains("[nil 2]").doesNotContain("4.70M");
  }

  /** A component is asserted again for the composite alone. */
  @Test
  void rewritesWhatItTouchesForAComposite() {
    DatomicConnection touched = system.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :x/name :db/valueType :db.type/string"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :x/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :x/id 1] [:db/add \"e\" :x/name \"told to nobody\"]]",
            "[{:db/ident :x/name+id :db/valueType :db.type/tuple"
                + "  :db/cardinality :db.cardinality/one :db/tupleAttrs [:x/name :x/id]}]",
            "[[:db/add [:x/id 1] :x/name \"told to nobody\"]]")) {
      touched.transact((List<?>) Edn.read(forms));
    }
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup(touched, 100)), target, OPTIONS.rewriting(":x/name", name -> "anybody"));
    assertThat(everythingIn(touched)).contains("[\"told to nobody\" 1]");
    assertThat(everythingIn(target)).contains("[\"anybody\" 1]").doesNotContain("told to nobody");
  }

  /** A filtered ident that comes later is filtered from its beginning, merged values too. */
  @Test
  void mergesValuesOfAnAttributeThatCameWhileItRestored() {
    DatomicConnection living = system.newDatabase();
    living.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :m/id :db/valueType :db.type/long :db/unique :db.unique/identity"
                    + "  :db/cardinality :db.cardinality/one}]"));
    BackupStore store = new MemoryBackupStore();
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    Restore restore = new Restore(StoredBackup.of(store, "w"));
    RestoreOptions options = OPTIONS.rewriting(":m/tags", tag -> "x");
    DatomicConnection target = system.newDatabase();
    while (restore.restoreSegment(target, options) instanceof RestoredSegment) {
      // until nothing is new
    }
    for (String forms :
        List.of(
            "[{:db/ident :m/tags :db/valueType :db.type/string"
                + "  :db/cardinality :db.cardinality/many}]",
            "[{:m/id 1 :m/tags [\"1\" \"2\"]}]",
            "[[:db/retract [:m/id 1] :m/tags \"1\"]]")) {
      living.transact((List<?>) Edn.read(forms));
    }
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    while (restore.restoreSegment(target, options) instanceof RestoredSegment) {
      // until nothing is new
    }
    assertThat(historyOf(target, Keyword.intern("m", "tags")))
        .singleElement()
        .matches(Datom::added, "stays until both are gone");
  }

  /** Its values are in the target already, and a filter cannot take them out again. */
  @Test
  void refusesAnExcludedIdentThatAnAttributeRestoredAlreadyHasTakenSince() {
    DatomicConnection living = system.newDatabase();
    BackupStore store = new MemoryBackupStore();
    SampleWorld.fill(living);
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.excluding(":w/secret").excluding(":w/flag");
    restoreAll(new Restore(StoredBackup.of(store, "w")), target, options);

    living.transact((List<?>) Edn.read("[[:db/add :w/flag :db/ident :w/banner]]"));
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    restoreAll(new Restore(StoredBackup.of(store, "w")), target, options);

    living.transact((List<?>) Edn.read("[[:db/add :w/email :db/ident :w/secret]]"));
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    assertThatThrownBy(() -> restoreAll(new Restore(StoredBackup.of(store, "w")), target, options))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining(":w/secret");
  }

  @Test
  void namesAFilterThatMatchesNothing() {
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.excluding(":w/emial").excluding(":w/flag");
    var first = new Restore(backup).restoreSegment(target, options);
    assertThat(first.unmatchedFilters()).containsExactly(":w/emial");
  }

  @ParameterizedTest
  @ValueSource(strings = {":db/ident", ":db/txInstant", "not a keyword", "::", ""})
  void refusesToExcludeWhatIsIndispensableOrNoIdent(String ident) {
    assertRefused(OPTIONS.excluding(ident));
  }

  @ParameterizedTest
  @ValueSource(strings = {":w/friend", ":w/things", ":w/name+count", ":db/doc"})
  void refusesToRewriteReferencesAndWhatIsComputed(String ident) {
    assertRefused(OPTIONS.rewriting(ident, value -> value));
  }

  /** Datomic would compute it all the same, or refuse two that have become equal. */
  @ParameterizedTest
  @ValueSource(strings = {":w/name+count", ":w/friend"})
  void refusesToExcludeWhatIsComputedOrMakesSomethingUnique(String ident) {
    assertRefused(OPTIONS.excluding(ident));
  }

  /** Without the check, the second entity would be merged into the first, and nobody told. */
  @Test
  void refusesARewriteThatMakesTwoEntitiesOne() {
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(
            () -> restoreAll(new Restore(backup), target, OPTIONS.rewriting(":w/id", id -> 1L)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":w/id");
  }

  @Test
  void refusesARewriteToNothing() {
    @SuppressWarnings("NullAway") // a caller's mistake
    RestoreOptions options = OPTIONS.rewriting(":w/email", value -> null);
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(() -> restoreAll(new Restore(backup), target, options))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageNotContaining("a@x");
  }

  private static void assertRefused(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(() -> new Restore(backup).restoreSegment(target, options))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(target.basisT()).isEqualTo(5);
  }

  private static String everythingIn(DatomicConnection connection) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .map(datom -> Edn.write(datom.v()))
          .collect(Collectors.joining("\n"));
    }
  }

  private static List<Datom> historyOf(DatomicConnection connection, String name) {
    return historyOf(connection, Keyword.intern("w", name));
  }

  private static List<Datom> historyOf(DatomicConnection connection, Keyword attribute) {
    try (Stream<Datom> datoms =
        connection.datoms(View.CURRENT.withHistory(), Index.AEVT, attribute)) {
      return datoms.toList();
    }
  }

  private static List<Object> values(List<Datom> datoms) {
    return datoms.stream().map(Datom::v).toList();
  }
}
