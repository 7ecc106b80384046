package com.fulcrologic.datomiccloudbackup.internal.verify;

import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.drop;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.each;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.id;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isClaim;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isOf;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.map;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to tamper with the state that a target begins with is found. */
class BaselineVerificationTest {
  private static final VerifyOptions OPTIONS = VerifyOptions.DEFAULTS;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static DatomicConnection target;
  private static Cloning cloning;
  private static long baselineT;
  private static long originalId;
  private static List<Transaction> log;

  @TempDir private Path directory;

  @BeforeAll
  static void restoreAWorld() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    cloning = Cloning.with(Stores.memory());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    baselineT = source.basisT() - 4;
    target = restored(RestoreOptions.DEFAULTS);
    originalId = id(target, Bookkeeping.ORIGINAL_ID);
    try (Stream<Transaction> all = target.txRange(new TxRange(0, target.basisT() + 1))) {
      log = all.toList();
    }
  }

  @Test
  void aRestoreFromABaselineIsProvedByStateAndLog() throws Exception {
    VerifyOptions here = OPTIONS.withSpillDirectory(directory);
    VerificationReport live = cloning.verify(source, target, here);
    VerificationReport stored = cloning.verify("w", target, here);
    for (VerificationReport report : List.of(live, stored)) {
      assertThat(report.differences()).isEmpty();
      assertThat(report.isEqual()).isTrue();
      assertThat(report.baseline()).isEqualTo(live.baseline());
      assertThat(report.baseline().orElseThrow().t()).isEqualTo(baselineT);
      assertThat(report.baseline().orElseThrow().datomCount()).isGreaterThan(150);
      assertThat(report.range()).contains(new TxRange(baselineT + 1, source.basisT() + 1));
      assertThat(report.transactionCount()).isEqualTo(4);
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
    assertThatThrownBy(
            () -> cloning.verify("w", target, OPTIONS.withSpillDirectory(directory.resolve("no"))))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aProofOfTheBackupMayBeginWithABaseline() {
    RestorePoint point = new RestorePoint.AtT(baselineT);
    VerificationReport report = cloning.verifyRestore("w", OPTIONS.fromBaseline(point));
    assertThat(report.isEqual()).isTrue();
    assertThat(report.baseline()).isEqualTo(cloning.verify("w", target, OPTIONS).baseline());
    assertThat(report.transactionCount()).isEqualTo(4);
    VerificationReport newest =
        cloning.verifyRestore("w", OPTIONS.fromBaseline(RestorePoint.NEWEST));
    assertThat(newest.isEqual()).isTrue();
    assertThat(newest.baseline().orElseThrow().t()).isEqualTo(source.basisT());
    assertThat(newest.range()).isEmpty();
    assertThatThrownBy(() -> cloning.verify("w", target, OPTIONS.fromBaseline(point)))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void aChainFromABaselineVerifies() {
    Cloning second = Cloning.with(Stores.memory());
    second.backup("w", target, BackupOptions.DEFAULTS);
    DatomicConnection last = system.newDatabase();
    RestorePoint point = new RestorePoint.AtT(target.basisT() - 2);
    restore(second, last, RestoreOptions.DEFAULTS.fromBaseline(point));
    for (VerificationReport report :
        List.of(second.verify("w", last, OPTIONS), second.verify(target, last, OPTIONS))) {
      assertThat(report.differences()).isEmpty();
      assertThat(report.isEqual()).isTrue();
    }
  }

  /** Datomic Local refuses such a retraction; a log of another version may hold one. */
  @Test
  void aValueThatABuiltInHasLostIsNotWanted() {
    long doc = id(source, Keyword.intern("db", "doc"));
    long noHistory = id(source, Keyword.intern("db", "noHistory"));
    DatomicConnection altered =
        new TamperedConnection(
            source,
            all ->
                all.stream()
                    .map(
                        tx ->
                            tx.t() == baselineT - 3 || tx.t() == baselineT - 2
                                ? with(tx, doc, noHistory, tx.t() == baselineT - 3)
                                : tx)
                    .toList());
    assertThat(cloning.verify(altered, target, OPTIONS).differences()).isEmpty();
  }

  private static Transaction with(Transaction tx, long e, long a, boolean added) {
    List<Datom> datoms = new ArrayList<>(tx.datoms());
    datoms.add(new Datom(e, a, true, tx.tx(), added));
    return new Transaction(tx.t(), tx.tx(), datoms);
  }

  @Test
  void anUnfinishedLoadLacksTheStateAndAllAfterIt() {
    DatomicConnection behind =
        new TamperedConnection(
            target, all -> all.stream().takeWhile(tx -> tx.t() < restoredT()).toList());
    VerificationReport report = cloning.verify("w", behind, OPTIONS);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.MISSING);
    assertThat(report.count(Kind.MISSING)).isEqualTo(5);
    assertThat(report.differences().get(0).sourceT()).hasValue(baselineT);
    assertThat(report.baseline()).isEmpty();
  }

  @Test
  void aRewrittenValueThatIsMissingIsFound() {
    RestoreOptions rewriting =
        RestoreOptions.DEFAULTS.rewriting(":w/name", name -> "n" + ((String) name).length());
    DatomicConnection rewritten = restored(rewriting);
    VerificationReport report = cloning.verify("w", rewritten, OPTIONS);
    assertThat(report.isEqual()).isTrue();
    assertThat(report.baseline().orElseThrow().datomsWithoutValueCount()).isPositive();
    assertFound(rewritten, each(datoms -> drop(datoms, isOf(rewritten, "name"))), Kind.MISSING);
  }

  @Test
  void whatShouldBeExcludedIsFound() {
    UnaryOperator<List<Transaction>> claim =
        values(
            v ->
                isClaim(v)
                    ? ((String) v).replace(":excluded []", ":excluded [\":w/journal\"]")
                    : v);
    assertFound(target, claim, Kind.EXCLUDED);
  }

  // Each way to tamper with the load.

  @Test
  void aMissingDatomIsFound() {
    Datom lost = ofLoad(isOf(target, "name"));
    assertFound(target, dropping(lost), Kind.MISSING);
    assertFound(target, dropping(ofLoad(isOf(target, "friend+count"))), Kind.MISSING);
    assertFound(target, dropping(ofLoad(isOf(target, "friend"))), Kind.MISSING);
  }

  @Test
  void aDatomTooManyIsFound() {
    Datom some = ofLoad(isOf(target, "name"));
    long tags = id(target, "tags");
    assertFound(target, adding(some.e(), tags, "added"), Kind.EXTRA);
    assertFound(target, adding(99L << 42, tags, "of an unknown entity"), Kind.EXTRA);
    assertFound(target, adding(some.tx(), tags, "of the load itself"), Kind.EXTRA);
  }

  @Test
  void anotherValueIsFoundAndNotTold() {
    Datom some = ofLoad(isOf(target, "name"));
    VerificationReport report =
        assertFound(target, replacing(some, some.e(), "secret"), Kind.DIFFERENT_VALUE);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.DIFFERENT_VALUE);
    assertThat(report.toString()).doesNotContain("secret");
    assertThat(report.differences().get(0).attribute()).contains(":w/name");
    assertThat(report.differences().get(0).sourceT()).hasValue(baselineT);
    Datom price = ofLoad(datom -> datom.v() instanceof BigDecimal);
    BigDecimal longer = ((BigDecimal) price.v()).setScale(9);
    assertFound(target, replacing(price, price.e(), longer), Kind.DIFFERENT_VALUE);
  }

  @Test
  void aReferenceToAnotherEntityIsFound() {
    Datom friend = ofLoad(isOf(target, "friend"));
    long other =
        ofLoad(datom -> isOf(target, "name").test(datom) && !friend.v().equals(datom.e())).e();
    assertFound(target, replacing(friend, friend.e(), other), Kind.DIFFERENT_VALUE);
    assertFound(target, replacing(friend, friend.e(), 99L << 42), Kind.DIFFERENT_VALUE);
  }

  @Test
  void aDatomOfAnotherEntityIsFound() {
    Datom name = ofLoad(isOf(target, "name"));
    long other = ofLoad(datom -> datom.a() == originalId && datom.e() != name.e()).e();
    assertFound(target, replacing(name, other, name.v()), Kind.MISSING, Kind.EXTRA);
  }

  @Test
  void aWrongOriginalInstantIsFound() {
    long originalInstant = id(target, Bookkeeping.ORIGINAL_INSTANT);
    Datom date = ofLoad(datom -> datom.a() == originalInstant);
    assertFound(target, replacing(date, date.e(), new Date(1)), Kind.DIFFERENT_VALUE);
    assertFound(target, dropping(date), Kind.MISSING);
    Datom other =
        ofLoad(
            datom ->
                datom.a() == originalId
                    && log.stream()
                        .flatMap(tx -> tx.datoms().stream())
                        .noneMatch(each -> each.a() == originalInstant && each.e() == datom.e()));
    assertFound(target, adding(other.e(), originalInstant, new Date(1)), Kind.EXTRA);
  }

  @Test
  void aMissingOriginalIdIsFound() {
    Datom id = ofLoad(datom -> datom.a() == originalId);
    assertFound(target, dropping(id), Kind.NOT_MAPPED);
    Datom name = ofLoad(isOf(target, "name"));
    Datom ofName = ofLoad(datom -> datom.a() == originalId && datom.e() == name.e());
    assertFound(target, dropping(ofName), Kind.NOT_MAPPED, Kind.MISSING, Kind.EXTRA);
  }

  @Test
  void anOriginalIdThatNothingNeedsIsFound() {
    assertFound(target, adding(99L << 42, originalId, 98L << 42), Kind.EXTRA);
  }

  @Test
  void anIdThatIsMappedToAnotherEntityIsFound() {
    Datom first = ofLoad(isOf(target, "name"));
    Datom id = ofLoad(datom -> datom.a() == originalId && datom.e() == first.e());
    assertFound(target, adding(99L << 42, originalId, id.v()), Kind.MAPPED_TWICE);
    assertFound(target, replacing(id, 99L << 42, id.v()), Kind.MISSING, Kind.EXTRA);
  }

  @Test
  void anotherDateOfTheBaselineIsFound() {
    UnaryOperator<List<Transaction>> change =
        each(
            datoms ->
                map(
                    datoms,
                    datom ->
                        datom.e() == Transaction.entityId(restoredT()) && datom.v() instanceof Date
                            ? new Datom(datom.e(), datom.a(), new Date(1), datom.tx(), true)
                            : datom));
    assertFound(target, change, Kind.DIFFERENT_VALUE);
  }

  @Test
  void aBatchThatIsMissingOrForeignIsFound() {
    long t = ofLoad(isOf(target, "name")).tx() - Transaction.entityId(0);
    assertFound(target, Tampering.at(t, tx -> List.of()), Kind.NOT_MAPPED, Kind.MISSING);
    long preparation = id(target, Bookkeeping.PREPARATION);
    assertFound(
        target,
        each(
            datoms ->
                drop(
                    datoms,
                    datom -> datom.a() == preparation && datom.tx() == Transaction.entityId(t))),
        Kind.FOREIGN);
  }

  // Tools.

  /** The target's t of the transaction that restores the baseline's last. */
  private static long restoredT() {
    long sourceT = id(target, Bookkeeping.SOURCE_T);
    return log.stream()
        .filter(tx -> tx.datoms().stream().anyMatch(datom -> datom.a() == sourceT))
        .findFirst()
        .orElseThrow()
        .t();
  }

  private static Datom ofLoad(Predicate<Datom> which) {
    long sourceT = id(target, Bookkeeping.SOURCE_T);
    return log.stream()
        .skip(7) // bootstrap and installation
        .takeWhile(tx -> tx.datoms().stream().noneMatch(datom -> datom.a() == sourceT))
        .flatMap(tx -> tx.datoms().stream())
        .filter(which)
        .findFirst()
        .orElseThrow();
  }

  private static UnaryOperator<List<Transaction>> dropping(Datom lost) {
    return each(datoms -> drop(datoms, lost::equals));
  }

  private static UnaryOperator<List<Transaction>> replacing(Datom some, long e, Object v) {
    Datom other = new Datom(e, some.a(), v, some.tx(), true);
    return each(datoms -> map(datoms, datom -> datom.equals(some) ? other : datom));
  }

  private static UnaryOperator<List<Transaction>> adding(long e, long a, Object v) {
    long tx = ofLoad(isOf(target, "name")).tx();
    return each(
        datoms -> {
          List<Datom> more = new ArrayList<>(datoms);
          if (datoms.stream().anyMatch(datom -> datom.tx() == tx)) {
            more.add(new Datom(e, a, v, tx, true));
          }
          return more;
        });
  }

  private static VerificationReport assertFound(
      DatomicConnection real, UnaryOperator<List<Transaction>> tamper, Kind... kinds) {
    DatomicConnection tampered = new TamperedConnection(real, tamper);
    VerificationReport live = cloning.verify(source, tampered, OPTIONS);
    VerificationReport stored = cloning.verify("w", tampered, OPTIONS);
    assertThat(stored.differenceCounts()).containsKeys(kinds).isEqualTo(live.differenceCounts());
    return stored;
  }

  private static DatomicConnection restored(RestoreOptions options) {
    DatomicConnection made = system.newDatabase();
    restore(cloning, made, options.fromBaseline(new RestorePoint.AtT(baselineT)));
    return made;
  }

  private static void restore(Cloning from, DatomicConnection into, RestoreOptions options) {
    while (from.restoreSegment("w", into, options) instanceof RestoredSegment) {
      // until nothing is new
    }
  }
}
