package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static com.fulcrologic.datomiccloudbackup.testing.PrivateWorld.datomsOf;
import static com.fulcrologic.datomiccloudbackup.testing.PrivateWorld.everythingIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Death;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.PrivateWorld;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A copy holds the state of its source, without its history, and nothing continues it. */
class CopyStateTest {
  private static final int WORLD_COUNT = Integer.getInteger("worlds", 30);
  private static final BatchSizes SMALL = new BatchSizes(20, 7, 1 << 19);
  private static final byte[] SALT = "a salt of 20 letters".getBytes(StandardCharsets.US_ASCII);
  private static final VerifyOptions VERIFY = VerifyOptions.DEFAULTS.quotingValues();

  private final LocalSystem system = LocalSystem.inMemory();
  private final Cloning cloning = Cloning.with(Stores.memory());

  @Test
  void aCopyOfALiveSourceHoldsItsState() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    DatomicConnection target = system.newDatabase();
    RestoreSummary summary = cloning.copyState(source, target, OPTIONS);
    assertThat(summary.unequalTs()).isEmpty();
    assertThat(summary.lastSourceT()).hasValue(source.basisT());
    assertThat(summary.baseline().orElseThrow().t()).isEqualTo(source.basisT());
    assertThat(summary.range()).isEmpty();
    LogComparison.assertEqualFromBaseline(source.basisT(), source, target);
    assertProved(cloning.verify(source, target, VERIFY), source.basisT());

    long before = target.basisT();
    RestoreSummary again = cloning.copyState(source, target, OPTIONS);
    assertThat(again.baseline()).isEmpty();
    assertThat(target.basisT()).isEqualTo(before);
  }

  @Test
  void aCopyFromABackupHoldsItsStateAtAnyPoint() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    cloning.writeBaseline("w", 20); // is not the newest state
    for (long t : new long[] {7, 20, 40, source.basisT()}) {
      DatomicConnection target = system.newDatabase();
      RestoreSummary summary = cloning.copyState("w", target, OPTIONS.until(t));
      assertThat(summary.lastSourceT()).hasValue(t);
      assertThat(target.basisT()).isLessThan(source.basisT() + 40);
      assertProved(cloning.verify("w", target, VERIFY), t);
      assertProved(cloning.verify(source, target, VERIFY), t);
    }
    DatomicConnection newest = system.newDatabase();
    cloning.copyState("w", newest, OPTIONS);
    LogComparison.assertEqualFromBaseline(source.basisT(), source, newest);

    SampleWorld.grow(source, 1);
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    RestoreSummary again = cloning.copyState("w", newest, OPTIONS);
    assertThat(again.baseline()).isEmpty();
    assertThat(again.lastSourceT()).hasValue(source.basisT() - 7);
    assertProved(cloning.verify("w", newest, VERIFY), source.basisT() - 7);
  }

  /** Some states cannot be loaded exactly, as BaselineTest knows; then the copy says so. */
  @Test
  void aCopyOfARandomWorldHoldsItsState() {
    int unequalCount = 0;
    for (long seed = 1; seed <= WORLD_COUNT; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      DatomicConnection source = system.newDatabase();
      RandomWorld.fill(source, random.split());
      DatomicConnection target = system.newDatabase();
      try {
        boolean isSaid = !copied(source, target, OPTIONS).unequalTs().isEmpty();
        VerificationReport report = cloning.verify(source, target, VERIFY);
        assertThat(report.isEqual())
            .as("seed %d: %s %s", seed, isSaid, report.differences())
            .isEqualTo(!isSaid);
        if (!isSaid) {
          LogComparison.assertEqualFromBaseline(source.basisT(), source, target);
        }
        unequalCount += isSaid ? 1 : 0;
      } catch (AnomalyException beyondTheLoad) {
        unequalCount++;
      }
    }
    assertThat(unequalCount).isLessThan(WORLD_COUNT / 10 + 1);
  }

  /** The copy is as of one t, whatever the source does meanwhile. */
  @Test
  void aSourceMayGoOnMeanwhile() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    long t = source.basisT();
    DatomicConnection living =
        new ForwardingConnection(source) {
          private int count;

          @Override
          public synchronized Stream<Datom> datoms(View view, Index index, Object... components) {
            if (++count % 10 == 0) {
              SampleWorld.grow(source, count);
            }
            return super.datoms(view, index, components);
          }
        };
    DatomicConnection target = system.newDatabase();
    RestoreSummary summary = cloning.copyState(living, target, OPTIONS);
    assertThat(summary.lastSourceT()).hasValue(t);
    assertThat(source.basisT()).isGreaterThan(t + 14);
    assertProved(cloning.verify(source, target, VERIFY), t);
    assertThat(everythingIn(target)).doesNotContain("grown ");

    DatomicConnection earlier = system.newDatabase();
    cloning.copyState(source, earlier, OPTIONS.until(20));
    assertProved(cloning.verify(source, earlier, VERIFY), 20);
  }

  @Test
  void aMaskedCopyIsContinuedAfterEachKillAndHoldsNothingMasked() {
    DatomicConnection source = system.newDatabase();
    PrivateWorld.fill(source);
    long t = source.basisT();
    RestoreOptions masked =
        OPTIONS
            .including(":customer/*")
            .including(":order/contact")
            .withMaskSalt(SALT)
            .withMask(":customer/email", Mask.FAKE)
            .withMask(":order/contact", Mask.FAKE)
            .withMask(":customer/name", Mask.truncate(3))
            .withMask(":customer/ssn", Mask.HASH)
            .withMask(":customer/phones", Mask.HASH)
            .withMask(":customer/home", Mask.NULL_OUT);
    DatomicConnection target = system.newDatabase();
    int deathCount = 0;
    RestoreOutcome outcome = null;
    while (!(outcome instanceof NothingNewAvailable)) {
      DatomicConnection mortal =
          new DisturbedConnection(
              target, number -> number > 2 ? Disturbance.DEATH_AFTER : Disturbance.NONE);
      try {
        outcome = new LiveCopy(source, mortal, masked, SMALL).copy(Progress.IGNORED);
      } catch (Death died) {
        deathCount++;
        SampleWorld.note(source);
      }
      assertRefused(
          () -> cloning.copyState(source, target, masked.withMaskSalt(new byte[16])),
          target,
          "another salt");
      assertRefused(() -> cloning.copyState(source, target, OPTIONS), target, "without filters");
    }
    assertThat(deathCount).isGreaterThan(3);
    assertThat(everythingIn(target))
        .doesNotContainIgnoringCase(PrivateWorld.CANARY)
        .doesNotContain(String.valueOf(PrivateWorld.CANARY_NUMBER / 100), "\"note ");
    assertThat(datomsOf(target, View.CURRENT, "customer/ssn"))
        .hasSameSizeAs(datomsOf(source, View.asOf(t), "customer/ssn"));
    VerificationReport report = cloning.verify(source, target, VERIFY);
    assertProved(report, t);
    assertThat(report.maskedAttributes()).contains(":customer/ssn=hash");
  }

  @Test
  void nothingContinuesACopyAndACopyContinuesNothingElse() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    DatomicConnection live = system.newDatabase();
    cloning.copyState(source, live, OPTIONS);
    DatomicConnection stored = system.newDatabase();
    cloning.copyState("w", stored, OPTIONS.until(40));
    for (DatomicConnection copy : List.of(live, stored)) {
      assertRefused(() -> cloning.restoreSegment("w", copy, OPTIONS), copy, "it is a copy");
      assertRefused(
          () -> cloning.restoreSegment("w", copy, OPTIONS.fromBaseline(RestorePoint.NEWEST)),
          copy,
          "it is a copy");
    }
    assertRefused(() -> cloning.copyState("w", live, OPTIONS), live, "a live database");
    assertRefused(() -> cloning.copyState(source, stored, OPTIONS), stored, "backup w");
    assertRefused(
        () -> cloning.copyState("w", stored, OPTIONS.until(30)), stored, "the baseline of t 40");
    assertRefused(
        () -> cloning.copyState(source, live, OPTIONS.until(30)), live, "the baseline of t");
    assertRefused(() -> cloning.verify("w", live, VERIFY), live, "a live database");

    DatomicConnection restored = system.newDatabase();
    restoreAll(new Restoring(StoredBackup.of(storeOf(source), "w")), restored, OPTIONS.until(20));
    assertRefused(() -> cloning.copyState("w", restored, OPTIONS), restored, "not as a copy");
    assertRefused(() -> cloning.copyState(source, restored, OPTIONS), restored, "not as a copy");
    assertRefused(() -> cloning.copyState(source, source, OPTIONS), source, "not empty");

    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    SampleWorld.note(other);
    assertRefused(() -> cloning.copyState(other, live, OPTIONS), live, "source");
  }

  @Test
  void badInputIsRefusedBeforeAnythingIsWritten() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    BackupStore store = Stores.memory();
    Cloning gappy = Cloning.with(store);
    gappy.backupSegment("w", source, new TxRange(0, 10));
    gappy.backupSegment("w", source, new TxRange(15, 20));
    DatomicConnection target = system.newDatabase();
    CountingConnection watched = new CountingConnection(target);
    for (RestoreOptions options :
        List.of(
            OPTIONS.withMaskSalt(SALT).withMask(":w/friend", Mask.HASH),
            OPTIONS.withMaskSalt(SALT).withMask(":w/nobody", Mask.HASH),
            OPTIONS.including(":w/name").excluding(":w/name"),
            OPTIONS.excluding(":w/nobody"),
            OPTIONS.including(":w/name").including(":nobody/*"),
            OPTIONS.rewriting(":w/nobody", value -> value),
            OPTIONS.fromBaseline(RestorePoint.NEWEST))) {
      for (Runnable copy :
          List.<Runnable>of(
              () -> cloning.copyState(schemaOnly(source), watched, options),
              () -> cloning.requireCopyable(source, options),
              () -> gappy.requireCopyable("w", options.until(9)),
              () -> gappy.copyState("w", watched, options.until(9)))) {
        assertThatThrownBy(copy::run).isInstanceOf(InvalidConfigurationException.class);
      }
    }
    assertThatThrownBy(() -> gappy.copyState("w", watched, OPTIONS))
        .isInstanceOf(SegmentGapException.class);
    assertThatThrownBy(() -> gappy.copyState("w", watched, OPTIONS.until(17)))
        .isInstanceOf(SegmentGapException.class);
    assertThatThrownBy(() -> gappy.copyState("w", watched, OPTIONS.until(25)))
        .isInstanceOf(UnreachablePointException.class);
    assertThatThrownBy(() -> cloning.copyState(source, watched, OPTIONS.until(1_000)))
        .isInstanceOf(UnreachablePointException.class);
    assertThatThrownBy(
            () -> cloning.copyState(source, watched, OPTIONS.until(java.time.Instant.EPOCH)))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(watched.transactCount()).isZero();
    assertThat(target.basisT()).isEqualTo(5);
  }

  /** Batches are cut by what the filters leave, so that a part of them may not be filtered anew. */
  @Test
  void aRenameAfterAKillIsRefusedIfTheFiltersMeanMore() {
    RestoreOptions filtered = OPTIONS.excluding(":order/*");
    for (String kind : List.of("live", "copy", "baseline")) {
      DatomicConnection source = system.newDatabase();
      PrivateWorld.fill(source);
      RestoreOptions options =
          kind.equals("baseline")
              ? filtered.fromBaseline(RestorePoint.NEWEST).until(source.basisT())
              : filtered;
      DatomicConnection target = system.newDatabase();
      DatomicConnection mortal =
          new DisturbedConnection(
              target, number -> number > 4 ? Disturbance.DEATH_AFTER : Disturbance.NONE);
      BackupStore store = storeOf(source);
      assertThatThrownBy(() -> next(kind, store, source, mortal, options))
          .isInstanceOf(Death.class);
      transact(source, "[{:db/id :order/note :db/ident :gone/note}]");
      transact(source, "[{:db/id :customer/score :db/ident :order/note}]");
      transact(source, "[{:db/id :customer/ssn :db/ident :order/ssn}]");
      Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS);
      assertRefused(
          () -> next(kind, store, source, target, options), target, "filtered idents [:order/*]");
      assertThat(datomsOf(target, View.CURRENT, "customer/ssn"))
          .hasSizeLessThan(datomsOf(source, View.CURRENT, "customer/ssn").size());
    }
  }

  private static RestoreOutcome next(
      String kind,
      BackupStore store,
      DatomicConnection source,
      DatomicConnection target,
      RestoreOptions options) {
    if (kind.equals("live")) {
      return new LiveCopy(source, target, options, SMALL).copy(Progress.IGNORED);
    }
    boolean isCopy = kind.equals("copy");
    return new Restore(
            StoredBackup.of(store, "w"),
            target,
            isCopy ? options.fromBaseline(options.until()) : options,
            isCopy,
            IdMap.SIZE_MAX,
            TransactionSteps.DATOM_COUNT_MAX,
            SMALL)
        .next(Progress.IGNORED);
  }

  @Test
  void aFilterMeansTheNamesThatAnAttributeGetsAfterTheState() {
    DatomicConnection source = system.newDatabase();
    PrivateWorld.fill(source);
    long t = source.basisT();
    transact(source, "[{:db/id :customer/ssn :db/ident :private/ssn}]");
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    RestoreOptions options = OPTIONS.excluding(":private/*").until(t);
    DatomicConnection live = system.newDatabase();
    assertThat(cloning.copyState(source, live, options).unmatchedFilters()).isEmpty();
    DatomicConnection stored = system.newDatabase();
    cloning.copyState("w", stored, options);
    for (DatomicConnection copy : List.of(live, stored)) {
      assertThat(datomsOf(copy, View.CURRENT, "customer/ssn")).isEmpty();
      assertThat(datomsOf(copy, View.CURRENT, "customer/name")).isNotEmpty();
    }
    assertProved(cloning.verify(source, live, VERIFY), t);
  }

  @Test
  void aNameThatIsGivenLaterIsNoDifferenceInACopy() {
    DatomicConnection source = system.newDatabase();
    PrivateWorld.fill(source);
    long t = source.basisT();
    DatomicConnection excluding = system.newDatabase();
    cloning.copyState(source, excluding, OPTIONS.excluding(":order/*"));
    DatomicConnection including = system.newDatabase();
    cloning.copyState(source, including, OPTIONS.including(":order/*"));
    transact(source, "[{:db/id :customer/ssn :db/ident :order/ssn}]");
    assertProved(cloning.verify(source, excluding, VERIFY), t);
    assertProved(cloning.verify(source, including, VERIFY), t);
  }

  @Test
  void aValueThatWasNotMaskedIsADifference() {
    DatomicConnection source = system.newDatabase();
    PrivateWorld.fill(source);
    DatomicConnection target = system.newDatabase();
    cloning.copyState(
        source, target, OPTIONS.withMaskSalt(SALT).withMask(":customer/ssn", Mask.HASH));
    Object masked = datomsOf(target, View.CURRENT, "customer/ssn").get(0).v();
    long entity = datomsOf(target, View.CURRENT, "customer/ssn").get(0).e();
    long original =
        (Long)
            datomsOf(target, View.CURRENT, Bookkeeping.ORIGINAL_ID.toString().substring(1)).stream()
                .filter(datom -> datom.e() == entity)
                .findFirst()
                .orElseThrow()
                .v();
    Object unmasked =
        datomsOf(source, View.CURRENT, "customer/ssn").stream()
            .filter(datom -> datom.e() == original)
            .findFirst()
            .orElseThrow()
            .v();
    DatomicConnection tampered =
        new TamperedConnection(
            target,
            log ->
                log.stream()
                    .map(
                        tx ->
                            new Transaction(
                                tx.t(),
                                tx.tx(),
                                tx.datoms().stream()
                                    .map(datom -> replaced(datom, masked, unmasked))
                                    .toList()))
                    .toList());
    VerificationReport report = cloning.verify(source, tampered, VERIFY);
    assertThat(report.count(Difference.Kind.EXCLUDED)).isEqualTo(1);
    assertThat(report.differences().toString()).doesNotContain(unmasked.toString());
  }

  private static Datom replaced(Datom datom, Object from, Object to) {
    Object value = datom.v().equals(from) ? to : datom.v();
    return new Datom(datom.e(), datom.a(), value, datom.tx(), datom.added());
  }

  private static void transact(DatomicConnection connection, String form) {
    connection.transact((List<?>) Edn.read(form));
  }

  private RestoredSegment copied(
      DatomicConnection source, DatomicConnection target, RestoreOptions options) {
    return (RestoredSegment) new LiveCopy(source, target, options, SMALL).copy(Progress.IGNORED);
  }

  /** Whatever reads the state fails. */
  private static DatomicConnection schemaOnly(DatomicConnection source) {
    return new ForwardingConnection(source) {
      @Override
      public Stream<Datom> datoms(View view, Index index, Object... components) {
        assertThat(components[0]).isInstanceOf(Keyword.class);
        return super.datoms(view, index, components);
      }
    };
  }

  private BackupStore storeOf(DatomicConnection source) {
    BackupStore store = Stores.memory();
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS);
    return store;
  }

  private static void assertRefused(Runnable work, DatomicConnection target, String reason) {
    long before = target.basisT();
    assertThatThrownBy(work::run)
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining(reason)
        .satisfies(refusal -> assertThat(((BackupException) refusal).hint()).isNotBlank());
    assertThat(target.basisT()).isEqualTo(before);
  }

  private static void assertProved(VerificationReport report, long t) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.baseline().orElseThrow().t()).isEqualTo(t);
    assertThat(report.range()).isEmpty();
  }
}
