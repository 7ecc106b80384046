package com.fulcrologic.datomiccloudbackup.internal.verify;

import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.at;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.drop;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.each;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.id;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isClaim;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isOf;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.map;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Equal logs are found equal, and each way to tamper with one is found. */
class VerificationTest {
  private static final VerifyOptions OPTIONS = VerifyOptions.DEFAULTS;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static DatomicConnection target;
  private static Cloning cloning;

  @BeforeAll
  static void restoreAWorld() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    cloning.backupSegment("w", source, new TxRange(7, 23)); // overlaps
    target = restored(cloning, RestoreOptions.DEFAULTS);
  }

  @Test
  void aRestoreEqualsItsSourceAndItsBackup() {
    VerificationReport live = cloning.verify(source, target, OPTIONS);
    VerificationReport stored = cloning.verify("w", target, OPTIONS);
    VerificationReport backup = cloning.verifyStored("w", source, OPTIONS);
    for (VerificationReport report : List.of(live, stored, backup)) {
      assertThat(report.differences()).isEmpty();
      assertThat(report.isEqual()).isTrue();
      assertThat(report.range()).contains(new TxRange(0, source.basisT() + 1));
      assertThat(report.transactionCount()).isEqualTo(source.basisT() + 1);
      assertThat(report.sha256()).hasSize(64).isEqualTo(live.sha256());
      assertThat(report.datomCount()).isEqualTo(live.datomCount()).isGreaterThan(400);
      assertThat(report.versions()).containsKeys("java", "datomic-local");
    }
  }

  @Test
  void aChainVerifiesLinkByLink() {
    Cloning second = Cloning.with(new MemoryBackupStore());
    second.backup("chain", target, BackupOptions.DEFAULTS);
    DatomicConnection last = system.newDatabase();
    restore(second, "chain", last, RestoreOptions.DEFAULTS);
    assertEqual(second.verify("chain", last, OPTIONS));
    assertEqual(second.verify(target, last, OPTIONS));
  }

  @Test
  void anInterruptedRestoreLacksTheRest() {
    DatomicConnection behind = restored(cloning, RestoreOptions.DEFAULTS.until(30));
    VerificationReport report = cloning.verify("w", behind, OPTIONS);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.MISSING);
    assertThat(report.count(Kind.MISSING)).isEqualTo(source.basisT() - 30);
    assertThat(report.differences()).hasSize(VerificationReport.DIFFERENCES_TOLD_MAX);
    assertThat(report.differences().get(0).sourceT()).hasValue(31);
    assertEqual(cloning.verify("w", behind, OPTIONS.asFarAsRestored()));
  }

  @Test
  void anotherDatabaseIsNoRestore() {
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    VerificationReport report = cloning.verify("w", other, OPTIONS);
    assertThat(report.differenceCounts()).containsKeys(Kind.FOREIGN, Kind.MISSING);
    assertThat(report.range()).isEmpty();
  }

  @Test
  void gapsAndUnknownNamesAreNoDifferences() {
    Cloning holed = Cloning.with(new MemoryBackupStore());
    holed.backupSegment("w", source, new TxRange(0, 10));
    holed.backupSegment("w", source, new TxRange(12, 20));
    assertThatThrownBy(() -> holed.verify("w", target, OPTIONS))
        .isInstanceOf(SegmentGapException.class)
        .hasMessageContaining("t 10 to 11");
    assertThatThrownBy(() -> holed.verify("x", target, OPTIONS))
        .isInstanceOf(NoSuchBackupException.class);
  }

  @Test
  void aRestoreUpToAGapIsProved() {
    Cloning holed = Cloning.with(new MemoryBackupStore());
    holed.backupSegment("w", source, new TxRange(0, 10));
    holed.backupSegment("w", source, new TxRange(12, 20));
    DatomicConnection behind = restored(holed, RestoreOptions.DEFAULTS.until(9));
    assertEqual(holed.verify("w", behind, OPTIONS.asFarAsRestored()));
    assertThatThrownBy(() -> holed.verify("w", behind, OPTIONS))
        .isInstanceOf(SegmentGapException.class);
    DatomicConnection untouched = system.newDatabase();
    DatomicConnection between = restored(cloning, RestoreOptions.DEFAULTS.until(15));
    for (DatomicConnection beyond : List.of(target, between, untouched)) {
      assertThatThrownBy(() -> holed.verify("w", beyond, OPTIONS.asFarAsRestored()))
          .isInstanceOf(SegmentGapException.class)
          .hasMessageContaining("t 10 to 11");
    }
    // A restore that was stopped while it prepared the missing transaction.
    behind.transact(
        (List<?>)
            Edn.read(
                "[[:db/add \"datomic.tx\" %1$spreparation [9 1]] [:db/add \"x\" %1$soriginal-id 777]]"
                    .formatted(":com.fulcrologic.datomic-cloud-backup.cloning/")));
    assertEqual(holed.verify("w", behind, OPTIONS.asFarAsRestored()));
    behind.transact((List<?>) Edn.read("[[:db/add \"x\" :db/doc \"written\"]]"));
    assertThat(holed.verify("w", behind, OPTIONS.asFarAsRestored()).differenceCounts())
        .containsOnlyKeys(Kind.FOREIGN);
  }

  // Filters.

  @Test
  void recordedExclusionsAreUnderstood() {
    RestoreOptions without =
        RestoreOptions.DEFAULTS.excluding(":w/log").excluding(":w/name").excluding(":db/doc");
    DatomicConnection filtered = restored(cloning, without);
    VerificationReport report = cloning.verify("w", filtered, OPTIONS);
    assertEqual(report);
    assertEqual(cloning.verify(source, filtered, OPTIONS));
    assertThat(report.excludedAttributes()).containsExactly(":db/doc", ":w/log", ":w/name");
    assertThat(report.datomsWithoutValueCount()).isPositive();
    // The same target without its claim's filters would not pass: they are what makes it equal.
    assertThat(cloning.verify("w", withClaim(filtered, "[]"), OPTIONS).count(Kind.MISSING))
        .isPositive();
  }

  @Test
  void whatShouldBeExcludedIsFound() {
    DatomicConnection leaking = withClaim(target, "[\":w/journal\"]");
    VerificationReport report = cloning.verify("w", leaking, OPTIONS);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.EXCLUDED);
    assertThat(report.differences()).allMatch(each -> each.targetValue().isEmpty());
  }

  @Test
  void recordedRewritesAreUnderstood() {
    DatomicConnection rewritten =
        restored(
            cloning,
            RestoreOptions.DEFAULTS
                .rewriting(":w/email", email -> "m" + ((String) email).length())
                .rewriting(":w/name", name -> "n" + ((String) name).length())
                .rewriting(":w/count", count -> (Long) count / 1_000));
    VerificationReport report = cloning.verify("w", rewritten, OPTIONS);
    assertEqual(report);
    assertThat(report.datomsWithoutValueCount()).isPositive();
    assertThat(report.mergedDatomCount()).isPositive();
    assertFound(rewritten, each(datoms -> drop(datoms, isOf(rewritten, "email"))), Kind.MISSING);
  }

  // Each way to tamper.

  @Test
  void aChangedValueIsFoundAndNotTold() {
    UnaryOperator<List<Transaction>> change =
        each(
            datoms ->
                map(
                    datoms,
                    datom ->
                        datom.v().equals("in a tuple")
                            ? new Datom(datom.e(), datom.a(), "secret", datom.tx(), datom.added())
                            : datom));
    VerificationReport report = assertFound(target, change, Kind.DIFFERENT_VALUE);
    assertThat(report.toString()).doesNotContain("secret", "in a tuple");
    Difference difference = report.differences().get(0);
    assertThat(difference.attribute()).contains(":w/name");
    assertThat(difference.sourceEntity()).isPresent();
    assertThat(difference.targetEntity()).isPresent();
    VerificationReport told =
        cloning.verify("w", new TamperedConnection(target, change), OPTIONS.quotingValues());
    assertThat(told.differences().get(0).sourceValue()).contains("\"in a tuple\"");
    assertThat(told.differences().get(0).targetValue()).contains("\"secret\"");
  }

  @Test
  void aValueOfAnotherClassIsFoundUnlessARestartMakesIt() {
    assertFound(target, values(v -> v.equals(5L) ? BigInt.fromLong(5) : v), Kind.DIFFERENT_VALUE);
    assertFound(
        target,
        values(v -> v instanceof BigDecimal price ? price.setScale(3) : v),
        Kind.DIFFERENT_VALUE);
    UnaryOperator<List<Transaction>> restart =
        values(
            v ->
                v instanceof BigInt big
                    ? big.toBigInteger()
                    : v instanceof Double number && number == 0 ? 0.0 : v);
    assertEqual(cloning.verify("w", new TamperedConnection(target, restart), OPTIONS));
  }

  @Test
  void aChangedDateIsFound() {
    assertFound(
        target,
        values(v -> v instanceof Date date && date.getTime() > 0 ? new Date(1) : v),
        Kind.DIFFERENT_VALUE);
  }

  @Test
  void aDroppedDatomIsFound() {
    assertFound(target, each(datoms -> drop(datoms, isOf(target, "journal"))), Kind.MISSING);
    assertFound(target, each(datoms -> drop(datoms, isOf(target, "friend+count"))), Kind.MISSING);
    assertFound(target, each(datoms -> drop(datoms, datom -> !datom.added())), Kind.MISSING);
  }

  @Test
  void anAddedDatomIsFound() {
    long name = id(target, "name");
    assertFound(
        target,
        at(
            40,
            tx -> {
              List<Datom> more = new ArrayList<>(tx.datoms());
              more.add(new Datom(tx.tx(), name, "added", tx.tx(), true));
              return List.of(new Transaction(tx.t(), tx.tx(), more));
            }),
        Kind.EXTRA);
  }

  @Test
  void aFlippedFlagIsFound() {
    assertFound(
        target,
        each(
            datoms ->
                map(
                    datoms,
                    datom ->
                        datom.v().equals("z")
                            ? new Datom(datom.e(), datom.a(), "z", datom.tx(), false)
                            : datom)),
        Kind.MISSING,
        Kind.EXTRA);
  }

  @Test
  void aDroppedTransactionIsFound() {
    VerificationReport report = assertFound(target, at(50, tx -> List.of()), Kind.MISSING);
    assertThat(report.differences().get(0).attribute()).isEmpty();
  }

  @Test
  void swappedTransactionsAreFound() {
    UnaryOperator<List<Transaction>> swap =
        log -> {
          List<Transaction> swapped = new ArrayList<>(log);
          Collections.swap(swapped, 49, 50);
          return swapped;
        };
    // By the log's own t they are read in the new order.
    DatomicConnection disordered =
        new TamperedConnection(
            target,
            log -> {
              List<Transaction> swapped = swap.apply(log);
              List<Transaction> renumbered = new ArrayList<>();
              for (int i = 0; i < swapped.size(); i++) {
                Transaction tx = swapped.get(i);
                renumbered.add(new Transaction(log.get(i).t(), tx.tx(), tx.datoms()));
              }
              return renumbered;
            });
    assertThat(cloning.verify("w", disordered, OPTIONS).differenceCounts())
        .containsKey(Kind.DIFFERENT_ORDER)
        .doesNotContainKey(Kind.FOREIGN);
  }

  @Test
  void aTransactionRestoredTwiceIsFound() {
    assertFound(
        target,
        at(50, tx -> List.of(tx, new Transaction(tx.t() + 1, tx.tx(), tx.datoms()))),
        Kind.DIFFERENT_ORDER);
  }

  @Test
  void aForeignTransactionIsFound() {
    DatomicConnection written = restored(cloning, RestoreOptions.DEFAULTS);
    long t = written.transact((List<?>) Edn.read("[]")).basisTAfter();
    VerificationReport report = cloning.verify("w", written, OPTIONS);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.FOREIGN);
    assertThat(report.differences().get(0).targetT()).hasValue(t);
  }

  @Test
  void aForeignDatomInTheInstallationIsFound() {
    long doc = id(target, Keyword.intern("db", "doc"));
    assertFound(
        target,
        at(
            6,
            tx -> {
              List<Datom> more = new ArrayList<>(tx.datoms());
              more.add(new Datom(tx.tx(), doc, "foreign", tx.tx(), true));
              return List.of(new Transaction(tx.t(), tx.tx(), more));
            }),
        Kind.FOREIGN);
  }

  @Test
  void aDroppedOriginalIdIsFound() {
    long originalId = id(target, Bookkeeping.ORIGINAL_ID);
    assertFound(
        target, each(datoms -> drop(datoms, datom -> datom.a() == originalId)), Kind.NOT_MAPPED);
    assertFound(
        target,
        each(datoms -> drop(datoms, datom -> datom.a() == originalId && datom.e() == datom.tx())),
        Kind.NOT_MAPPED);
  }

  @Test
  void anIdThatIsMappedToAnotherEntityIsFound() {
    long originalId = id(target, Bookkeeping.ORIGINAL_ID);
    long name = id(target, "name");
    UnaryOperator<List<Transaction>> move =
        each(
            datoms ->
                map(
                    datoms,
                    datom ->
                        datom.a() == originalId && datom.e() == name
                            ? new Datom(id(target, "tags"), originalId, datom.v(), 0, true)
                            : datom));
    assertFound(target, move, Kind.MAPPED_TWICE);
  }

  @Test
  void anOriginalIdThatNobodyNeedsIsFound() {
    long originalId = id(target, Bookkeeping.ORIGINAL_ID);
    assertFound(
        target,
        at(
            40,
            tx -> {
              List<Datom> more = new ArrayList<>(tx.datoms());
              more.add(new Datom(99L << 42, originalId, 98L << 42, tx.tx(), true));
              return List.of(new Transaction(tx.t(), tx.tx(), more));
            }),
        Kind.EXTRA);
  }

  @Test
  void aMarkerThatLagsIsFound() {
    long marker = id(target, Bookkeeping.LAST_SOURCE_TRANSACTION);
    assertFound(
        target,
        at(
            target.basisT(),
            tx ->
                List.of(
                    new Transaction(
                        tx.t(), tx.tx(), drop(tx.datoms(), datom -> datom.a() == marker)))),
        Kind.BOOKKEEPING);
  }

  @Test
  void aClaimThatCannotBeReadIsFound() {
    assertFound(target, values(v -> isClaim(v) ? "{:broken" : v), Kind.BOOKKEEPING);
  }

  @Test
  void aSourceThatDiffersFromWhatIsStoredIsFound() {
    VerificationReport report =
        cloning.verifyStored(
            "w",
            new TamperedConnection(source, values(v -> v.equals("in a tuple") ? "secret" : v)),
            OPTIONS);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.DIFFERENT_VALUE);
    assertThat(report.toString()).doesNotContain("secret", "in a tuple");
    assertThat(
            cloning
                .verifyStored("w", new TamperedConnection(source, at(20, tx -> List.of())), OPTIONS)
                .differenceCounts())
        .containsOnlyKeys(Kind.EXTRA);
    assertThat(
            cloning
                .verifyStored(
                    "w",
                    new TamperedConnection(
                        source, each(datoms -> drop(datoms, isOf(source, "journal")))),
                    OPTIONS)
                .differenceCounts())
        .containsOnlyKeys(Kind.EXTRA);
  }

  // Tools.

  private static VerificationReport assertFound(
      DatomicConnection real, UnaryOperator<List<Transaction>> tamper, Kind... kinds) {
    VerificationReport report = cloning.verify("w", new TamperedConnection(real, tamper), OPTIONS);
    assertThat(report.isEqual()).isFalse();
    assertThat(report.differenceCounts()).containsKeys(kinds);
    return report;
  }

  private static void assertEqual(VerificationReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.transactionCount()).isPositive();
  }

  private static DatomicConnection withClaim(DatomicConnection real, String excluded) {
    return new TamperedConnection(
        real,
        values(
            v ->
                isClaim(v)
                    ? ((String) v).replaceAll(":excluded \\[[^]]*\\]", ":excluded " + excluded)
                    : v));
  }

  private static DatomicConnection restored(Cloning from, RestoreOptions options) {
    DatomicConnection made = system.newDatabase();
    restore(from, "w", made, options);
    return made;
  }

  private static void restore(
      Cloning from, String name, DatomicConnection into, RestoreOptions options) {
    while (from.restoreSegment(name, into, options) instanceof RestoredSegment) {
      // until nothing is new
    }
  }
}
