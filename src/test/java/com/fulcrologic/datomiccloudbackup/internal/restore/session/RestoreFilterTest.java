package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is filtered is nowhere in the target's history, and everything else is there. */
class RestoreFilterTest extends SampleBackup {
  /**
   * The attribute was called :w/log until it was renamed, and its datoms carry an id, not a name.
   */
  @ParameterizedTest
  @ValueSource(strings = {":w/log", ":w/journal", "w/journal"})
  void excludesAnAttributeUnderEachNameItEverHad(String ident) {
    DatomicConnection target = system.newDatabase();
    var end = restoreAll(new Restoring(backup), target, OPTIONS.excluding(ident));
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
        new Restoring(backup),
        target,
        OPTIONS.rewriting(":w/email", email -> "m" + ((String) email).length()));
    assertThat(values(historyOf(target, "email"))).containsOnly("m3");
    assertThat(historyOf(target, "email")).hasSameSizeAs(historyOf(source, "email"));
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
    restoreAll(new Restoring(stored), target, OPTIONS.excluding(":s/early"));
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
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
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
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, options);
    assertThat(everythingIn(living)).contains("too late");
    assertThat(everythingIn(target)).contains(":w/late").doesNotContain("too late");
  }

  @Test
  void rewritesTuplesAndLeavesTheirReferences() {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restoring(backup),
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
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), target, options))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":w/pair");
  }

  /** Neither in its own datoms, nor in a composite, nor where one had to be touched. */
  @Test
  void leavesNothingOfAnExcludedValueBehind() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, OPTIONS.excluding(":w/name"));
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
    restoreAll(new Restoring(backup(twins, 100)), target, OPTIONS.excluding(":x/price"));
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
        new Restoring(backup(touched, 100)),
        target,
        OPTIONS.rewriting(":x/name", name -> "anybody"));
    assertThat(everythingIn(touched)).contains("[\"told to nobody\" 1]");
    assertThat(everythingIn(target)).contains("[\"anybody\" 1]").doesNotContain("told to nobody");
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
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, options);

    living.transact((List<?>) Edn.read("[[:db/add :w/flag :db/ident :w/banner]]"));
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, options);

    living.transact((List<?>) Edn.read("[[:db/add :w/email :db/ident :w/secret]]"));
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    assertThatThrownBy(
            () -> restoreAll(new Restoring(StoredBackup.of(store, "w")), target, options))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining(":w/secret");
  }

  @Test
  void namesAFilterThatMatchesNothing() {
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.excluding(":w/emial").excluding(":w/flag");
    var first = new Restoring(backup).restoreSegment(target, options);
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
            () -> restoreAll(new Restoring(backup), target, OPTIONS.rewriting(":w/id", id -> 1L)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":w/id");
  }

  @Test
  void refusesARewriteToNothing() {
    @SuppressWarnings("NullAway") // a caller's mistake
    RestoreOptions options = OPTIONS.rewriting(":w/email", value -> null);
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), target, options))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageNotContaining("a@x");
  }

  private static void assertRefused(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(() -> new Restoring(backup).restoreSegment(target, options))
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
