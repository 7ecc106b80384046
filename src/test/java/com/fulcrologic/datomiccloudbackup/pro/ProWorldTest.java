package com.fulcrologic.datomiccloudbackup.pro;

import static com.fulcrologic.datomiccloudbackup.pro.ProRoundTripTest.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.ProSystem;
import com.fulcrologic.datomiccloudbackup.testing.ProWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only Datomic Pro holds: carried into Pro, and left out or refused elsewhere. */
class ProWorldTest {
  private static ProSystem pro;
  private static LocalSystem local;

  private final Cloning cloning = Cloning.with(new MemoryBackupStore());

  @BeforeAll
  static void start() {
    pro = new ProSystem();
    local = LocalSystem.inMemory();
  }

  @Test
  void carriesEverythingIntoPro() {
    DatomicConnection source = source(ProWorld::fill);
    DatomicConnection target = pro.newDatabase();
    restoreAll(cloning, target);
    LogComparison.assertEqual(source, target);
    assertProved(target);
    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).differences()).isEmpty();
    assertThat(cloning.verify(source, target, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  @Test
  void carriesIndexesOfBuiltInsAndFunctionsOfTheOlderWay() {
    DatomicConnection source = source(ProWorld::indexes, ProWorld::functions);
    DatomicConnection target = pro.newDatabase();
    restoreAll(cloning, target);
    assertThat(has(target, Keyword.intern("db", "doc"), "index")).isTrue();
    Keyword installed = Keyword.intern("db.install", "function");
    for (DatomicConnection each : List.of(source, target)) {
      try (Stream<Datom> datoms =
          each.datoms(View.CURRENT, Index.EAVT, Keyword.intern("db.part", "db"), installed)) {
        assertThat(datoms).as("Datomic's own two, and the user's").hasSize(3);
      }
    }
    assertProved(target);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void keepsPartitions() {
    DatomicConnection source = source(ProWorld::partitions);
    DatomicConnection target = pro.newDatabase();
    restoreAll(cloning, target);
    long orders = entity(source, Keyword.intern("part", "orders"));
    long there = entity(target, Keyword.intern("part", "orders"));
    assertThat(there).as("not by chance").isNotEqualTo(orders);
    assertThat(partitionOf(target, "in orders")).isEqualTo(there);
    assertThat(partitionOf(source, "in orders")).isEqualTo(orders);
    for (String doc : List.of("usual", "implicit", "implicit, too", "before")) {
      assertThat(partitionOf(target, doc)).isEqualTo(partitionOf(source, doc));
    }
    assertThat(partitionOf(target, "implicit, too")).isEqualTo(1_048_575);
  }

  @Test
  void aDatabaseFunctionWorksInTheTarget() {
    source(
        connection -> {
          ProWorld.transact(connection, "[{:db/ident :f/note}]");
          connection.transact(
              List.of(
                  TxData.add(
                      Keyword.intern("f", "note"),
                      Keyword.intern("db", "fn"),
                      new DatabaseFunction(
                          "{:lang :clojure, :imports nil, :requires nil, :params [db text], :code"
                              + " \"[[:db/add \\\"x\\\" :db/doc text]]\"}"))));
        });
    DatomicConnection target = pro.newDatabase();
    restoreAll(cloning, target);
    ProWorld.transact(target, "[[:f/note \"by the restored function\"]]");
    assertThat(partitionOf(target, "by the restored function")).isEqualTo(4);
  }

  @Test
  void leavesDeclarationsOfIndexesOutIntoLocalAndVerifyKnows() {
    source(ProWorld::indexes, ProWorld::partitions, ProWorld::aliases);
    DatomicConnection target = local.newDatabase();
    restoreAll(cloning, target);
    assertProved(target);
    assertThat(partitionOf(target, "implicit, too")).as("fell away").isLessThan(1_048_575);
  }

  @Test
  void tellsAtTheBeginningAndInTheOutcomeWhatIsLeftOut() {
    source(ProWorld::indexes, ProWorld::partitions, ProWorldTest::olderFunction, ProWorld::bytes);
    RestoreOptions options =
        RestoreOptions.DEFAULTS
            .excluding(":p/bytes")
            .excluding(":p/more")
            .excluding(":db/lang")
            .excluding(":db/code");
    DatomicConnection target = local.newDatabase();
    RestorePlan plan = cloning.restorePlan("w", target, options);
    // :p/name: 1; :p/count: true 1, to false 2, to true 2, retracted 1; :db/doc: 1
    assertThat(plan.leftOut())
        .containsExactly(
            new LeftOut(":db.alter/attribute", Set.of(":db/doc", ":p/count"), 4),
            new LeftOut(":db.install/function", Set.of(), 1),
            new LeftOut(":db.type/bytes", Set.of(":p/bytes", ":p/more"), 7),
            new LeftOut(":db/index", Set.of(":db/doc", ":p/count", ":p/name"), 8),
            new LeftOut(LeftOut.PARTITION, Set.of(":part/orders", "1048575", "524288"), 3));
    assertThat(cloning.restore("w", target, options).leftOut()).isEqualTo(plan.leftOut());
    assertThat(cloning.restorePlan("w", target, options).leftOut()).as("nothing to do").isEmpty();
    assertProved(target);
  }

  @Test
  void tellsOfTheRestOnlyWhenItContinues() {
    DatomicConnection source = source(ProWorld::indexes);
    DatomicConnection target = local.newDatabase();
    List<Long> ts = ProRoundTripTest.ts(source);
    RestoreOptions some = RestoreOptions.DEFAULTS.until(ts.get(ts.size() - 3));
    cloning.restore("w", target, some);
    List<LeftOut> rest =
        List.of(
            new LeftOut(":db.alter/attribute", Set.of(":db/doc"), 1),
            new LeftOut(":db/index", Set.of(":db/doc"), 1));
    assertThat(cloning.restorePlan("w", target, RestoreOptions.DEFAULTS).leftOut()).isEqualTo(rest);
    assertThat(cloning.restore("w", target, RestoreOptions.DEFAULTS).leftOut()).isEqualTo(rest);
  }

  @Test
  void leavesNothingOutOfProAndNothingOfTheBookkeeping() {
    source(ProWorld::fill);
    DatomicConnection target = pro.newDatabase();
    assertThat(cloning.restorePlan("w", target, RestoreOptions.DEFAULTS).leftOut()).isEmpty();
    assertThat(cloning.restore("w", target, RestoreOptions.DEFAULTS).leftOut()).isEmpty();
    Cloning there = Cloning.with(new MemoryBackupStore());
    DatomicConnection first = local.newDatabase();
    SampleWorld.fill(first);
    there.backup("w", first, BackupOptions.DEFAULTS);
    DatomicConnection second = pro.newDatabase();
    restoreAll(there, second);
    Cloning back = Cloning.with(new MemoryBackupStore());
    back.backup("w", second, BackupOptions.DEFAULTS);
    assertThat(back.restore("w", local.newDatabase(), RestoreOptions.DEFAULTS).leftOut()).isEmpty();
  }

  private static void olderFunction(DatomicConnection connection) {
    ProWorld.transact(
        connection,
        "[{:db/id \"f\" :db/ident :f/old :db/lang :db.lang/clojure :db/code \"(fn [db] [])\"}"
            + " [:db/add :db.part/db :db.install/function \"f\"]]");
  }

  /** A check that cannot fail is none: a fact beside the left-out declarations is missed. */
  @Test
  void verifyMissesAFactBesideADeclaration() {
    source(ProWorld::indexes);
    DatomicConnection target = local.newDatabase();
    restoreWith(
        cloning,
        new ForwardingConnection(target) {
          @Override
          public TransactionReport transact(List<?> txData) {
            return super.transact(
                txData.stream()
                    .filter(
                        form ->
                            !form.toString().contains("\"n\"") && !form.toString().contains(" n]"))
                    .toList());
          }
        },
        RestoreOptions.DEFAULTS);
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isNotEmpty();
  }

  @Test
  void refusesDataThatLocalCannotHoldBeforeItWrites() {
    assertRefused(ProWorld::bytes, ":p/bytes", "of type :db.type/bytes");
    assertRefused(ProWorld::functions, ":db/fn");
    assertRefused(ProWorld::largeValues, ":p/text", "4097 characters");
    assertRefused(ProWorldTest::hugeTransaction, "120001 datoms");
    assertRefused(ProWorld::excisionRequest, ":db/excise", "never sent");
  }

  @Test
  void refusesAnAttributeThatBecameUniqueWithEqualValuesBeforeItWrites() {
    assertRefused(connection -> unique(connection, "1", "1"), ":u/n", "is unique there");
    assertRefused(connection -> unique(connection, "-1", "2"), ":u/n", "is unique there");
    assertRefused(
        connection -> {
          unique(connection, "1", "2");
          ProWorld.transact(connection, "[[:db/add \"g\" :u/n 1]]"); // without an index
        },
        ":u/n",
        "is unique there");
  }

  @Test
  void carriesAnAttributeThatBecameUniqueWithDifferentValues() {
    DatomicConnection source =
        source(
            connection -> {
              unique(connection, "1", "2");
              ProWorld.transact(connection, "[[:db/add \"g\" :u/n 3]]");
            });
    DatomicConnection target = local.newDatabase();
    restoreAll(cloning, target);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void aRewriteOrAnExclusionHelpsWhereValuesAreEqual() {
    source(connection -> unique(connection, "1", "1"));
    DatomicConnection target = local.newDatabase();
    restoreWith(cloning, target, RestoreOptions.DEFAULTS.excluding(":u/n"));
    assertProved(target);
    assertThatThrownBy(
            () ->
                restoreWith(
                    cloning,
                    local.newDatabase(),
                    RestoreOptions.DEFAULTS.rewriting(":u/n", value -> 7L)))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("is unique there");
  }

  private static void unique(DatomicConnection connection, String first, String second) {
    ProWorld.transact(
        connection,
        "[{:db/ident :u/n :db/valueType :db.type/long :db/cardinality :db.cardinality/one}]");
    ProWorld.transact(
        connection, "[[:db/add \"e\" :u/n " + first + "] [:db/add \"f\" :u/n " + second + "]]");
    ProWorld.transact(connection, "[[:db/add :u/n :db/unique :db.unique/value]]");
  }

  /** A segment of one transaction ends within the bootstrap. */
  @Test
  void refusesBeforeItWritesHoweverSmallTheSegmentsAre() {
    DatomicConnection source = pro.newDatabase();
    unique(source, "1", "1");
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(1));
    CountingConnection target = new CountingConnection(local.newDatabase());
    assertThatThrownBy(() -> restoreAll(cloning, target))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("is unique there");
    assertThat(target.transactCount()).isZero();
  }

  @Test
  void refusesWhatIsSaidOfABuiltInThatProLacksBeforeItWrites() {
    DatomicConnection source = local.newDatabase();
    SampleWorld.fill(source);
    ProWorld.transact(source, "[[:db/add :db/affinity :db/doc \"a note\"]]");
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    CountingConnection target = new CountingConnection(pro.newDatabase());
    assertThatThrownBy(() -> restoreAll(cloning, target))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("Failed to restore t " + source.basisT())
        .hasMessageContaining(":db/affinity");
    assertThat(target.transactCount()).isZero();
  }

  /**
   * Datomic Pro in memory keeps a value in the index of an attribute that is no longer unique, also
   * when the value is retracted. It refuses the value when the attribute is unique again.
   */
  @Test
  void namesTheTransactionThatProRefusesForAValueOfLongAgo() {
    DatomicConnection source = local.newDatabase();
    for (String forms :
        List.of(
            "[{:db/ident :u/n :db/valueType :db.type/long :db/cardinality :db.cardinality/one"
                + " :db/unique :db.unique/value} {:db/ident :e/e} {:db/ident :f/f}]",
            "[[:db/add :e/e :u/n 1]]",
            "[[:db/retract :u/n :db/unique :db.unique/value]]",
            "[[:db/retract :e/e :u/n 1]]",
            "[[:db/add :u/n :db/unique :db.unique/value]]",
            "[[:db/add :f/f :u/n 1]]")) {
      ProWorld.transact(source, forms);
    }
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    assertThatThrownBy(() -> restoreAll(cloning, pro.newDatabase()))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("Failed to restore t " + source.basisT())
        .hasMessageContaining("unique-conflict");
  }

  @Test
  void anExclusionLeavesOutTheDefinition() {
    source(ProWorld::bytes, ProWorld::functions, ProWorld::largeValues, ProWorld::excisionRequest);
    DatomicConnection target = local.newDatabase();
    RestoreOptions options =
        RestoreOptions.DEFAULTS
            .excluding(":p/bytes")
            .excluding(":p/more")
            .excluding(":db/fn")
            .excluding(":db/lang")
            .excluding(":db/code")
            .excluding(":db/excise")
            .excluding(":db.excise/beforeT")
            .rewriting(
                ":p/text",
                value -> ((String) value).substring(0, Math.min(4_000, ((String) value).length())));
    restoreWith(cloning, target, options);
    assertProved(target);
    assertThat(entity(target, Keyword.intern("p", "bytes"))).as("its ident stays").isPositive();
  }

  /** The alterations that only the excluded declarations caused are left out with them. */
  @Test
  void anExclusionOfIndexesIsProvedInLocal() {
    source(ProWorld::indexes);
    DatomicConnection target = local.newDatabase();
    restoreWith(cloning, target, RestoreOptions.DEFAULTS.excluding(":db/index"));
    assertProved(target);
  }

  @Test
  void provesABackupThatLocalCannotHold() {
    source(ProWorld::fill);
    assertThat(cloning.verifyRestore("w", VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  @Test
  void neverSendsAnExcisionRequest() {
    source(ProWorld::excisionRequest);
    DatomicConnection target = pro.newDatabase();
    CountingConnection watched = new CountingConnection(target);
    assertThatThrownBy(() -> restoreAll(cloning, watched))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining(":db/excise");
    assertThat(watched.transactCount()).isZero();
    restoreWith(
        cloning,
        target,
        RestoreOptions.DEFAULTS.excluding(":db/excise").excluding(":db.excise/beforeT"));
    assertProved(target);
  }

  /** The bookkeeping of a Pro target has an index, which Local lacks. */
  @Test
  void anEarlierRestoresBookkeepingIsNoDemandOnTheTarget() {
    DatomicConnection first = local.newDatabase();
    SampleWorld.fill(first);
    Cloning there = Cloning.with(new MemoryBackupStore());
    there.backup("w", first, BackupOptions.DEFAULTS);
    DatomicConnection second = pro.newDatabase();
    restoreAll(there, second);
    Cloning back = Cloning.with(new MemoryBackupStore());
    back.backup("w", second, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    DatomicConnection third = local.newDatabase();
    restoreAll(back, third);
    LogComparison.assertEqual(second, third);
    assertThat(back.verify("w", third, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  @Test
  void looksIdsUpInAnIndexOfTheTarget() {
    DatomicConnection target = pro.newDatabase();
    source(SampleWorld::fill);
    restoreAll(cloning, target);
    assertThat(has(target, Bookkeeping.ORIGINAL_ID, "index")).isTrue();
  }

  @Test
  void namesAForeignTransactionRightBeforeTheInstallation() {
    source(SampleWorld::fill);
    DatomicConnection target = pro.newDatabase();
    boolean[] done = new boolean[1];
    DatomicConnection shared =
        new ForwardingConnection(target) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (!done[0]) {
              done[0] = true;
              ProWorld.transact(
                  target,
                  "[[:db/add \"datomic.tx\" :db/txInstant #inst \"1970\"] [:db/add \"e\" :db/doc \"x\"]]");
            }
            return super.transact(txData);
          }
        };
    assertThatThrownBy(() -> restoreAll(cloning, shared))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("its transaction t 1000 is not part of a restore");
  }

  /** A database in memory only logs the request, so the excision itself is done here. */
  @Test
  void aSourceThatExcisedWhatIsStoredLastSaysSoAndMayGoOn() {
    DatomicConnection source = pro.newDatabase();
    ProWorld.transact(source, "[[:db/add \"datomic.tx\" :db/doc \"its first one\"]]");
    TransactionReport last =
        ProWorld.transact(
            source, "[[:db/add \"e\" :db/doc \"secret\"] [:db/add \"f\" :db/doc \"f\"]]");
    long entity = last.tempids().getOrDefault("e", -1L);
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    DatomicConnection excised = excised(source, datom -> datom.e() == entity);
    assertThatThrownBy(() -> cloning.backup("w", excised, BackupOptions.DEFAULTS))
        .as("no request names it yet")
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("another past");
    ProWorld.transact(source, "[{:db/excise " + entity + "}]");
    assertThatThrownBy(() -> cloning.backup("w", excised, BackupOptions.DEFAULTS))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("has excised datoms of its t " + last.basisTAfter());
    cloning.backup("w", excised, BackupOptions.DEFAULTS.adoptingExcisions());
    ProWorld.transact(source, "[[:db/add \"datomic.tx\" :db/doc \"later\"]]");
    assertThat(cloning.backup("w", excised, BackupOptions.DEFAULTS).transactionCount())
        .isEqualTo(1);
  }

  @Test
  void eachFurtherExcisionIsAskedForAgain() {
    DatomicConnection source = pro.newDatabase();
    ProWorld.transact(source, "[[:db/add \"datomic.tx\" :db/doc \"its first one\"]]");
    Set<Datom> gone = new HashSet<>();
    DatomicConnection excised = excised(source, gone::contains);
    long entity = 0;
    for (String doc : List.of("one", "two")) {
      TransactionReport last =
          ProWorld.transact(
              source, "[[:db/add \"e\" :db/doc \"" + doc + "\"] [:db/add \"f\" :db/doc \"f\"]]");
      entity = last.tempids().getOrDefault("e", -1L);
      cloning.backup("w", excised, BackupOptions.DEFAULTS);
      gone.add(said(source, doc));
      ProWorld.transact(source, "[{:db/excise " + entity + "}]");
      assertThatThrownBy(() -> cloning.backup("w", excised, BackupOptions.DEFAULTS))
          .as(doc)
          .isInstanceOf(ForkedHistoryException.class)
          .hasMessageContaining("has excised datoms of its t " + last.basisTAfter());
      cloning.backup("w", excised, BackupOptions.DEFAULTS.adoptingExcisions());
    }
    ProWorld.transact(source, "[[:db/add " + entity + " :db/doc \"said after the request\"]]");
    cloning.backup("w", excised, BackupOptions.DEFAULTS);
    gone.add(said(source, "said after the request"));
    assertThatThrownBy(
            () -> cloning.backup("w", excised, BackupOptions.DEFAULTS.adoptingExcisions()))
        .as("no request is later")
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("another past");
  }

  @Test
  void anExcisionOfTheFirstTransactionIsNoForeignSource() {
    DatomicConnection source = pro.newDatabase();
    ProWorld.transact(source, "[[:db/add \"e\" :db/doc \"secret\"] [:db/add \"f\" :db/doc \"f\"]]");
    ProWorld.transact(source, "[[:db/add \"datomic.tx\" :db/doc \"later\"]]");
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    Datom secret = said(source, "secret");
    DatomicConnection excised = excised(source, secret::equals);
    assertThatThrownBy(() -> cloning.backup("w", excised, BackupOptions.DEFAULTS))
        .as("no request names it yet")
        .isInstanceOf(ForeignSourceException.class);
    ProWorld.transact(source, "[{:db/excise " + secret.e() + "}]");
    assertThatThrownBy(() -> cloning.backup("w", excised, BackupOptions.DEFAULTS))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("has excised datoms of its t 1000");
    cloning.backup("w", excised, BackupOptions.DEFAULTS.adoptingExcisions());
    ProWorld.transact(source, "[[:db/add \"datomic.tx\" :db/doc \"even later\"]]");
    assertThat(cloning.backup("w", excised, BackupOptions.DEFAULTS).transactionCount())
        .isEqualTo(1);
    assertThat(cloning.verifyStored("w", excised, VerifyOptions.DEFAULTS).differences())
        .as("the store keeps it")
        .hasSize(1);
  }

  private static DatomicConnection excised(DatomicConnection source, Predicate<Datom> isGone) {
    return new TamperedConnection(
        source,
        log ->
            log.stream()
                .map(
                    each ->
                        new Transaction(
                            each.t(),
                            each.tx(),
                            each.datoms().stream().filter(isGone.negate()).toList()))
                .toList());
  }

  private static Datom said(DatomicConnection connection, String doc) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .filter(datom -> doc.equals(datom.v()))
          .findFirst()
          .orElseThrow();
    }
  }

  /** A log value of the peer is complete, so a t that is left out needs no second look. */
  @Test
  void readsTheLogAFewTimesHoweverManyGapsThereAre() {
    DatomicConnection source = pro.newDatabase();
    for (int i = 0; i < 2_000; i++) {
      ProWorld.transact(source, "[[:db/add \"e\" :db/doc \"" + i + "\"]]");
    }
    CountingConnection watched =
        new CountingConnection(source) {
          @Override
          public boolean mayReadShort() {
            return source.mayReadShort();
          }
        };
    cloning.backup("w", watched, BackupOptions.DEFAULTS);
    assertThat(watched.logReadCount()).isLessThanOrEqualTo(20);
  }

  /** A part of a history. */
  private interface Part {
    void fill(DatomicConnection connection);
  }

  private DatomicConnection source(Part... parts) {
    DatomicConnection source = pro.newDatabase();
    for (Part part : parts) {
      part.fill(source);
    }
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(5));
    return source;
  }

  private void assertProved(DatomicConnection target) {
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  private static void assertRefused(Part part, String... words) {
    DatomicConnection source = pro.newDatabase();
    for (int i = 0; i < 12; i++) {
      ProWorld.transact(source, "[[:db/add \"datomic.tx\" :db/doc \"before\"]]");
    }
    part.fill(source);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(5));
    CountingConnection target = new CountingConnection(local.newDatabase());
    assertThatThrownBy(() -> restoreAll(cloning, target))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("Failed to restore t 10")
        .hasMessageContainingAll(words);
    assertThat(target.transactCount()).as("transactions sent").isZero();
  }

  private static void hugeTransaction(DatomicConnection connection) {
    ProWorld.transact(
        connection,
        "[{:db/ident :p/n :db/valueType :db.type/long :db/cardinality :db.cardinality/many}]");
    Keyword many = Keyword.intern("p", "n");
    connection.transact(
        Stream.iterate(0L, i -> i + 1).limit(120_000).map(i -> TxData.add("e", many, i)).toList());
  }

  private static void restoreWith(
      Cloning cloning, DatomicConnection target, RestoreOptions options) {
    while (cloning.restoreSegment("w", target, options) instanceof RestoredSegment) {
      // until nothing is new
    }
  }

  private static boolean has(DatomicConnection connection, Keyword entity, String property) {
    try (Stream<Datom> datoms =
        connection.datoms(View.CURRENT, Index.EAVT, entity, Keyword.intern("db", property))) {
      return datoms.findAny().isPresent();
    }
  }

  private static long entity(DatomicConnection connection, Keyword ident) {
    try (Stream<Datom> datoms =
        connection.datoms(View.CURRENT, Index.AVET, Keyword.intern("db", "ident"), ident)) {
      return datoms.findFirst().orElseThrow().e();
    }
  }

  private static long partitionOf(DatomicConnection connection, String doc) {
    Map<Object, Long> partitions = new HashMap<>();
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      log.flatMap(transaction -> transaction.datoms().stream())
          .filter(datom -> datom.v() instanceof String && datom.added())
          .forEach(datom -> partitions.put(datom.v(), Transaction.partition(datom.e())));
    }
    return partitions.getOrDefault(doc, -1L);
  }
}
