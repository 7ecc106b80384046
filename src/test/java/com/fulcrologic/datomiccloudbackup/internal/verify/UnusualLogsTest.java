package com.fulcrologic.datomiccloudbackup.internal.verify;

import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.adding;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.at;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.drop;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.id;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.map;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisguisedLog;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logs of other Datomics, transactions that were split, and targets that are not whole. */
class UnusualLogsTest {
  private static final VerifyOptions OPTIONS = VerifyOptions.DEFAULTS;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static Cloning cloning;

  @BeforeAll
  static void backUpAWorld() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
  }

  /** Of 99 999 datoms and 60 000 entities: two preparations, itself, and a completion. */
  @Test
  void aTransactionThatWasSplitIsOne() {
    DatomicConnection large = system.newDatabase();
    large.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :w/a :db/valueType :db.type/long :db/cardinality :db.cardinality/one}"
                    + " {:db/ident :w/b :db/valueType :db.type/ref"
                    + "  :db/cardinality :db.cardinality/one}]"));
    List<Object> forms = new ArrayList<>();
    for (int i = 0; forms.size() < 99_998; i++) {
      String entity = Integer.toString(i % 60_000);
      forms.add(
          i < 60_000
              ? TxData.add(entity, Keyword.intern("w", "a"), (long) i)
              : TxData.add(entity, Keyword.intern("w", "b"), "0"));
    }
    large.transact(forms);
    cloning.backup("large", large, BackupOptions.DEFAULTS);
    DatomicConnection target = restored(cloning, "large", RestoreOptions.DEFAULTS);
    long preparedT = target.basisT() - 3;
    assertThat(preparedT).isGreaterThan(large.basisT());
    VerificationReport report = cloning.verify("large", target, OPTIONS);
    assertEqual(report);
    assertThat(report.transactionCount()).isEqualTo(large.basisT() + 1);
    assertThat(report.entityCount()).isEqualTo(60_000 + 2 + large.basisT() + 1);
    assertEqual(cloning.verify(large, target, OPTIONS));

    long originalId = id(target, Bookkeeping.ORIGINAL_ID);
    assertKinds(
        target,
        at(preparedT, tx -> List.of(without(tx, tx.datoms().get(7)))),
        Kind.NOT_MAPPED,
        Kind.MISSING,
        Kind.EXTRA);
    assertKinds(
        target,
        adding(preparedT, tx -> new Datom(9L << 42, originalId, 9L << 42, tx.tx(), true)),
        Kind.EXTRA);
    assertKinds(
        target,
        adding(preparedT, tx -> new Datom(tx.tx(), id(target, "a"), 5L, tx.tx(), true)),
        Kind.FOREIGN);
    assertKinds(
        target,
        at(
            preparedT,
            tx ->
                List.of(
                    new Transaction(
                        tx.t(),
                        tx.tx(),
                        map(
                            tx.datoms(),
                            datom ->
                                datom.v() instanceof Date
                                    ? new Datom(datom.e(), datom.a(), new Date(), tx.tx(), true)
                                    : datom)))),
        Kind.BOOKKEEPING);
    assertKinds(target, at(target.basisT(), tx -> List.of()), Kind.NOT_MAPPED, Kind.BOOKKEEPING);
  }

  /** It looks like a built-in, and a restore leaves it out; whoever asks is told. */
  @Test
  void anAttributeOfAUsersInANamespaceOfDatomicsIsMissed() {
    DatomicConnection odd = system.newDatabase();
    odd.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :db/mine :db/valueType :db.type/string"
                    + " :db/cardinality :db.cardinality/one}]"));
    Cloning other = Cloning.with(new MemoryBackupStore());
    other.backup("w", odd, BackupOptions.DEFAULTS);
    DatomicConnection target = restored(other, "w", RestoreOptions.DEFAULTS);
    assertThat(other.verify("w", target, OPTIONS).differences())
        .extracting(Difference::kind)
        .contains(Kind.MISSING);
  }

  /**
   * A t that leaves numbers out, built-ins under other ids, base schema that arrives late, and
   * {@code :db/ensure} in the log.
   */
  @Test
  void theLogOfAnotherDatomicIsUnderstood() {
    DisguisedLog disguised = new DisguisedLog(source);
    MemoryBackupStore store = new MemoryBackupStore();
    store(disguised, StoredBackup.of(store, "w"));
    Cloning other = Cloning.with(store);
    DatomicConnection target = restored(other, "w", RestoreOptions.DEFAULTS);
    VerificationReport report = other.verify("w", target, OPTIONS);
    assertEqual(report);
    assertThat(report.range()).contains(new TxRange(0, disguised.basisT() + 1));
    assertThat(report.transactionCount()).isLessThan(disguised.basisT() / 2);
    assertEqual(other.verify(disguised, target, OPTIONS));
    assertEqual(other.verifyStored("w", disguised, OPTIONS));
    // The log of the real one lacks what this one logs, and is another's.
    assertThat(report.datomCount())
        .isGreaterThan(cloning.verifyStored("w", source, OPTIONS).datomCount());

    long late = disguised.transactions().get(5).t();
    long lateTarget = targetTOf(late, target);
    assertThat(dateOf(lateTarget, target)).as("as normal as any").isAfter(new Date(0));
    assertThat(
            other
                .verify(
                    "w",
                    new TamperedConnection(
                        target,
                        at(
                            lateTarget,
                            tx ->
                                List.of(
                                    new Transaction(
                                        tx.t(),
                                        tx.tx(),
                                        drop(tx.datoms(), each -> each.v() instanceof Date))))),
                    OPTIONS)
                .differenceCounts())
        .containsOnlyKeys(Kind.MISSING);
  }

  @Test
  void rewrittenValuesAreReadBack() {
    DatomicConnection target =
        restored(
            cloning,
            "w",
            RestoreOptions.DEFAULTS
                .rewriting(":w/name", name -> "n" + ((String) name).length())
                .rewriting(":w/count", count -> (Long) count / 1_000));
    VerificationReport report = cloning.verify("w", target, OPTIONS);
    assertEqual(report);
    assertThat(report.rewrittenAttributes()).containsExactly(":w/count", ":w/name");
    assertThat(valuesOf("name", target))
        .isNotEmpty()
        .allMatch(name -> ((String) name).length() < 4);
    assertThat(report.datomsWithoutValueCount()).isGreaterThan(valuesOf("name", target).size());

    // What a rewrite made is a value like any other to the next one that backs it up.
    Cloning next = Cloning.with(new MemoryBackupStore());
    next.backup("rewritten", target, BackupOptions.DEFAULTS);
    DatomicConnection last = restored(next, "rewritten", RestoreOptions.DEFAULTS);
    VerificationReport exact = next.verify("rewritten", last, OPTIONS);
    assertEqual(exact);
    assertThat(exact.datomsWithoutValueCount()).isZero();
    assertThat(valuesOf("name", last)).isEqualTo(valuesOf("name", target));
  }

  @Test
  void aFilteredTargetAtAnEarlierPointIsEqualAsFarAsItReaches() {
    // It is renamed to :w/journal only after t 30.
    RestoreOptions without = RestoreOptions.DEFAULTS.excluding(":w/journal").excluding(":w/name");
    DatomicConnection target = restored(cloning, "w", without.until(45));
    VerificationReport report = cloning.verify("w", target, OPTIONS.asFarAsRestored());
    assertEqual(report);
    assertThat(report.excludedAttributes()).containsExactly(":w/journal", ":w/name");
    assertThat(report.range()).contains(new TxRange(0, 46));
    assertThat(target.basisT()).isLessThan(source.basisT());
    assertThat(valuesOf("name", target)).isEmpty();
    assertEqual(cloning.verify(source, target, OPTIONS.asFarAsRestored()));
    VerificationReport whole = cloning.verify("w", target, OPTIONS);
    assertThat(whole.differenceCounts()).containsOnlyKeys(Kind.MISSING);
    assertThat(whole.count(Kind.MISSING)).isEqualTo(source.basisT() - 45);

    restore(cloning, "w", target, without);
    assertEqual(cloning.verify("w", target, OPTIONS));
  }

  /** 1 000 transactions of a shop's kind: the id map grows with them, not with their entities. */
  @Test
  void idsOfARealRestoreAreRuns() {
    DatomicConnection shop = system.newDatabase();
    shop.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :w/a :db/valueType :db.type/long"
                    + " :db/cardinality :db.cardinality/one}]"));
    for (int i = 0; i < 1_000; i++) {
      List<Object> forms = new ArrayList<>();
      for (int j = 0; j < 10 + i % 20; j++) {
        forms.add(TxData.add("e" + j, Keyword.intern("w", "a"), (long) j));
      }
      shop.transact(forms);
    }
    cloning.backup("shop", shop, BackupOptions.DEFAULTS);
    DatomicConnection target = restored(cloning, "shop", RestoreOptions.DEFAULTS);
    IdPairs ids = new IdPairs(Long.MAX_VALUE);
    ConnectionLog restored = ConnectionLog.toBasis(target, RetryPolicy.DEFAULT);
    TargetReading reading = new TargetReading(new Findings(restored, restored, OPTIONS), ids);
    try (Stream<Transaction> log = target.txRange(new TxRange(0, target.basisT() + 1))) {
      log.forEach(reading::read);
    }
    assertThat(ids.count()).isGreaterThan(19_000);
    assertThat(ids.size()).as("bytes, less than one for each entity").isLessThan(ids.count());
    assertEqual(cloning.verify("shop", target, OPTIONS));
  }

  /** The restore is the first half. */
  @Test
  void aProofTellsItsProgressFromOneEndToTheOther() {
    List<Progress> told = new ArrayList<>();
    assertEqual(cloning.verifyRestore("w", OPTIONS.withListener(told::add)));
    long span = source.basisT() + 1;
    assertThat(told).hasSizeGreaterThan(3);
    assertThat(told).isSortedAccordingTo(Comparator.comparingLong(Progress::spanDone));
    assertThat(told).allMatch(each -> each.spanTotal() == 2 * span);
    assertThat(told).anyMatch(each -> each.spanDone() > 0 && each.spanDone() <= span);
    assertThat(told.get(told.size() - 1).spanDone()).isEqualTo(2 * span);
    assertThat(told.get(told.size() - 1).transactionsDone()).isEqualTo(2 * span);
  }

  // Tools.

  private static void assertKinds(
      DatomicConnection target, UnaryOperator<List<Transaction>> tamper, Kind... kinds) {
    assertThat(
            cloning
                .verify("large", new TamperedConnection(target, tamper), OPTIONS)
                .differenceCounts())
        .containsOnlyKeys(kinds);
  }

  private static void assertEqual(VerificationReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.transactionCount()).isPositive();
  }

  private static Transaction without(Transaction tx, Datom datom) {
    return new Transaction(tx.t(), tx.tx(), drop(tx.datoms(), datom::equals));
  }

  private static List<Object> valuesOf(String name, DatomicConnection target) {
    long attribute = id(target, name);
    try (Stream<Transaction> log = target.txRange(new TxRange(0, target.basisT() + 1))) {
      return log.flatMap(tx -> tx.datoms().stream())
          .filter(datom -> datom.a() == attribute && datom.added())
          .<Object>map(Datom::v)
          .toList();
    }
  }

  private static long targetTOf(long sourceT, DatomicConnection target) {
    long attribute = id(target, Bookkeeping.SOURCE_T);
    try (Stream<Transaction> log = target.txRange(new TxRange(0, target.basisT() + 1))) {
      return log.filter(
              tx ->
                  tx.datoms().stream()
                      .anyMatch(each -> each.a() == attribute && each.v().equals(sourceT)))
          .findFirst()
          .orElseThrow()
          .t();
    }
  }

  private static Date dateOf(long t, DatomicConnection connection) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(t, t + 1))) {
      return log.flatMap(tx -> tx.datoms().stream())
          .filter(datom -> datom.v() instanceof Date)
          .map(datom -> (Date) datom.v())
          .findFirst()
          .orElseThrow();
    }
  }

  private static void store(DisguisedLog log, StoredBackup backup) {
    SegmentWriter writer =
        new SegmentWriter(
            new SourceIdentity(log.databaseId(), null),
            new Schema(),
            0,
            OptionalLong.empty(),
            1 << 24);
    log.transactions().forEach(transaction -> assertThat(writer.add(transaction)).isTrue());
    backup.save(writer.finish());
  }

  private static DatomicConnection restored(Cloning from, String name, RestoreOptions options) {
    DatomicConnection made = system.newDatabase();
    restore(from, name, made, options);
    return made;
  }

  private static void restore(
      Cloning from, String name, DatomicConnection into, RestoreOptions options) {
    while (from.restoreSegment(name, into, options) instanceof RestoredSegment) {
      // until nothing is new
    }
  }
}
