package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.ANN;
import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.SSN;
import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.annAndHers;
import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.entity;
import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.keyword;
import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RedactionRule;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopySummary;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Copies of backups hold what they should, and nothing of what they should forget. */
class BackupCopyTest extends ShopBackup {
  private static DatomicConnection forgotten(DatomicConnection source) {
    return without(source, annAndHers(source), Set.of(entity(source, keyword("user/ssn"))));
  }

  @Test
  void aCopyForgetsAndKeepsAllElse() {
    cloning.writeBaseline("w", source.basisT()); // holds values, and is not copied
    CopySummary summary = cloning.copyBackup("w", store, "copy", FORGETTING);
    assertThat(summary.rules())
        .extracting(RedactionRule::erasedEntityCount)
        .containsExactly(0L, 3L);
    assertThat(summary.leftOutDatomCount()).isGreaterThan(20);
    assertHoldsNothingOfIt(store, "copy");
    assertThat(log(StoredBackup.of(store, "copy"))).isEqualTo(log(forgotten(source)));
    assertThat(StoredBackup.of(store, "copy").ownership().claims().get(0).copiedFrom())
        .contains("w");
    Set<String> ids = StoredBackup.of(store, "copy").ownership().redaction().ruleIds();
    for (StoredSegment segment : StoredBackup.of(store, "copy").segments()) {
      assertThat(StoredBackup.of(store, "copy").info(segment.range()).redactedBy()).isEqualTo(ids);
    }
    assertThat(StoredBackup.of(store, "copy").segments())
        .extracting(StoredSegment::range)
        .isEqualTo(
            StoredBackup.of(store, "w").segments().stream().map(StoredSegment::range).toList());
    assertSound("copy");
  }

  @Test
  void aRestoreOfTheCopyIsTheSourceWithoutWhatIsForgotten() {
    cloning.copyBackup("w", store, "copy", FORGETTING);
    for (long t = source.basisT(); t > source.basisT() - 12; t -= 3) {
      DatomicConnection target = system.newDatabase();
      cloning.restore("copy", target, RestoreOptions.DEFAULTS.until(new RestorePoint.AtT(t)));
      LogComparison.assertEqualThrough(t, forgotten(source), target);
      assertThat(
              cloning
                  .verify("copy", target, VerifyOptions.DEFAULTS.asFarAsRestored())
                  .differences())
          .isEmpty();
    }
    DatomicConnection target = system.newDatabase();
    cloning.writeBaseline("copy", source.basisT() - 4);
    assertHoldsNothingOfIt(store, "copy");
    cloning.restore(
        "copy",
        target,
        RestoreOptions.DEFAULTS.fromBaseline(new RestorePoint.AtT(source.basisT() - 4)));
    assertThat(cloning.verify("copy", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  @Test
  void theCopyIsProvedAgainstTheLiveSource() {
    cloning.copyBackup("w", store, "copy", FORGETTING);
    VerificationReport report = cloning.verifyStored("copy", source, VerifyOptions.DEFAULTS);
    assertThat(report.differences()).isEmpty();
    assertThat(report.redactions()).hasSize(2);
    assertThat(report.redactions().get(0).leftOutAttribute()).contains(":user/ssn");
    assertThat(report.transactionCount()).isEqualTo(source.basisT() + 1);
    assertThat(cloning.verifyRestore("copy", VerifyOptions.DEFAULTS).redactions()).hasSize(2);
    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).redactions()).isEmpty();
  }

  /** A copy in which one segment was not shortened is found by each comparison. */
  @Test
  void aDatumThatTheRulesLeaveOutIsADifference() {
    cloning.copyBackup("w", store, "copy", FORGETTING);
    BackupStore forged = new MemoryBackupStore();
    StoredBackup plain = StoredBackup.of(store, "w");
    TxRange last = plain.newest().orElseThrow().range();
    for (StoredObject object : objects(store)) {
      if (!object.key().equals(StoredBackup.of(store, "copy").key(last))) {
        forged.create(object.key(), bytes(store, object));
      }
    }
    StoredBackup.of(forged, "copy").save(plain.segment(last).written());
    assertThat(
            Cloning.with(forged)
                .verifyStored("copy", source, VerifyOptions.DEFAULTS)
                .differenceCounts())
        .isNotEmpty();
    assertThat(Cloning.with(forged).check("copy", CheckOptions.DEFAULTS).findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("under the rules []"));
  }

  @Test
  void aCopyAsItIsHasTheSameObjects() {
    cloning.writeBaseline("w", source.basisT());
    BackupStore other = new MemoryBackupStore();
    CopySummary summary = cloning.copyBackup("w", other, "w", CopyOptions.DEFAULTS);
    assertThat(objects(other)).isEqualTo(objects(store));
    for (StoredObject object : objects(other)) {
      assertThat(bytes(other, object)).isEqualTo(bytes(store, object));
    }
    assertThat(summary.rules()).isEmpty();
    assertThat(cloning.copyBackup("w", other, "w", CopyOptions.DEFAULTS).segments()).isEmpty();
  }

  @Test
  void aKilledCopyIsContinuedToTheSameObjects() {
    BackupStore whole = new MemoryBackupStore();
    cloning.copyBackup("w", whole, "copy", FORGETTING);
    for (int count = 0; count < objects(whole).size(); count++) {
      BackupStore real = new MemoryBackupStore();
      assertThatThrownBy(copying(new Mortal(real, count), FORGETTING))
          .isInstanceOf(StoreException.class);
      assertThat(objects(real)).hasSize(count);
      assertThat(StoredBackup.of(real, "copy").gaps(0)).as("readers see a prefix").isEmpty();
      cloning.copyBackup("w", real, "copy", FORGETTING);
      assertThat(objects(real)).isEqualTo(objects(whole));
      objects(real).forEach(each -> assertThat(bytes(real, each)).isEqualTo(bytes(whole, each)));
    }
  }

  private org.assertj.core.api.ThrowableAssert.ThrowingCallable copying(
      BackupStore target, CopyOptions options) {
    return () -> cloning.copyBackup("w", target, "copy", options);
  }

  @Test
  void otherRulesAndOtherSourcesAreRefused() {
    cloning.copyBackup("w", store, "copy", FORGETTING);
    List<StoredObject> before = objects(store);
    for (CopyOptions other :
        List.of(
            CopyOptions.DEFAULTS,
            CopyOptions.DEFAULTS.excluding(":user/ssn"),
            FORGETTING.excluding(":user/age"),
            FORGETTING.erasing(List.of(entity(source, "u1@example.com"))))) {
      assertThatThrownBy(copying(store, other))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("begun under the rules");
    }
    DatomicConnection another = system.newDatabase();
    PrivateShop.fill(another);
    Cloning.with(store).backup("other", another, BackupOptions.DEFAULTS);
    assertThatThrownBy(() -> cloning.copyBackup("other", store, "copy", FORGETTING))
        .isInstanceOf(ForeignSourceException.class);
    assertThatThrownBy(() -> cloning.copyBackup("w", store, "w", FORGETTING))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(objects(store)).containsAll(before);
    assertThat(StoredBackup.of(store, "copy").segments())
        .hasSameSizeAs(StoredBackup.of(store, "w").segments());
  }

  @Test
  void rulesThatCannotBeFollowedAreRefusedWithoutAValue() {
    long ssn = entity(source, keyword("user/ssn"));
    List<CopyOptions> wrong =
        List.of(
            CopyOptions.DEFAULTS.excluding(":db/doc"),
            CopyOptions.DEFAULTS.excluding(":user/none"),
            CopyOptions.DEFAULTS.excluding(":user/age+ssn"),
            CopyOptions.DEFAULTS.erasing(List.of(ssn)),
            CopyOptions.DEFAULTS.erasing(List.of(Transaction.entityId(source.basisT()))),
            CopyOptions.DEFAULTS.erasing(List.of(12_345L << 42)),
            CopyOptions.DEFAULTS.erasing(":user/email", "c4n4ry-nobody"),
            CopyOptions.DEFAULTS.erasing(":user/none", "c4n4ry-nobody"),
            CopyOptions.DEFAULTS.erasing(":user/age", "c4n4ry-nobody"),
            CopyOptions.DEFAULTS.erasing(":user/age+ssn", "c4n4ry-nobody"));
    for (CopyOptions options : wrong) {
      assertThatThrownBy(copying(store, options))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasNoCause()
          .satisfies(
              failure ->
                  assertThat(failure + ((InvalidConfigurationException) failure).hint())
                      .doesNotContain("c4n4ry"));
      assertThat(StoredBackup.of(store, "copy").ownership().isClaimed()).isFalse();
    }
    assertThat(FORGETTING.erasedValues().toString()).doesNotContain("c4n4ry");
  }

  @Test
  void aUniqueCompositeIsNotLeftWithoutAComponent() {
    DatomicConnection unique = system.newDatabase();
    PrivateShop.fill(unique);
    defineKey(unique, ":db/unique :db.unique/value");
    cloning.backup("unique", unique, BackupOptions.DEFAULTS);
    assertThatThrownBy(
            () ->
                cloning.copyBackup(
                    "unique", store, "copy", CopyOptions.DEFAULTS.excluding(":person/ssn")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":user/key, which is unique");
    cloning.copyBackup(
        "unique",
        store,
        "copy",
        CopyOptions.DEFAULTS.excluding(":person/ssn").excluding(":user/email"));
    DatomicConnection target = system.newDatabase();
    cloning.restore("copy", target, RestoreOptions.DEFAULTS);
    assertThat(cloning.verify("copy", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  /** For a while, in the middle of a segment: the newest schema does not show it. */
  @Test
  void aCompositeThatWasUniqueIsNotLeftWithoutAComponent() {
    DatomicConnection once = system.newDatabase();
    PrivateShop.fill(once);
    defineKey(once, "");
    PrivateShop.transact(once, "[[:db/add :user/key :db/unique :db.unique/value]]");
    PrivateShop.transact(once, "[[:db/retract :user/key :db/unique :db.unique/value]]");
    cloning.backup("once", once, BackupOptions.DEFAULTS);
    assertThatThrownBy(
            () ->
                cloning.copyBackup(
                    "once", store, "copy", CopyOptions.DEFAULTS.excluding(":person/ssn")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":user/key, which is unique or was");
    assertThat(StoredBackup.of(store, "copy").ownership().isClaimed()).isFalse();
  }

  @Test
  void aStandingRuleEndsWhereACompositeBecomesUnique() {
    DatomicConnection growing = system.newDatabase();
    PrivateShop.fill(growing);
    cloning.backup("kept", growing, BackupOptions.DEFAULTS.excluding(":user/ssn"));
    defineKey(growing, "");
    cloning.backup("kept", growing, BackupOptions.DEFAULTS);
    long endT = StoredBackup.of(store, "kept").cover().endT();
    PrivateShop.transact(growing, "[[:db/add :user/key :db/unique :db.unique/value]]");
    assertThatThrownBy(() -> cloning.backup("kept", growing, BackupOptions.DEFAULTS))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":user/key, which is unique");
    assertThat(StoredBackup.of(store, "kept").cover().endT()).isEqualTo(endT);
    // All that only reads still does.
    assertThat(cloning.status("kept", growing).lag().t()).isEqualTo(1);
    assertThat(cloning.verifyStored("kept", growing, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  @Test
  void aStandingRuleThatThePastForbidsClaimsNoName() {
    DatomicConnection once = system.newDatabase();
    PrivateShop.fill(once);
    defineKey(once, "");
    PrivateShop.transact(once, "[[:db/add :user/key :db/unique :db.unique/value]]");
    PrivateShop.transact(once, "[[:db/retract :user/key :db/unique :db.unique/value]]");
    BackupOptions options = BackupOptions.DEFAULTS.withTransactionCountMax(2);
    assertThatThrownBy(() -> cloning.backup("kept", once, options.excluding(":person/ssn")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":user/key, which is unique or was");
    assertThat(StoredBackup.of(store, "kept").ownership().isClaimed()).isFalse();
    cloning.backup("kept", once, options.excluding(":person/ssn").excluding(":user/email"));
  }

  private static void defineKey(DatomicConnection connection, String unique) {
    PrivateShop.transact(
        connection,
        "[{:db/ident :user/key :db/valueType :db.type/tuple :db/cardinality :db.cardinality/one",
        unique + " :db/tupleAttrs [:user/email :person/ssn]}]");
  }

  @Test
  void aBackupContinuesACopyUnderItsRules() {
    DatomicConnection growing = system.newDatabase();
    PrivateShop.fill(growing);
    backUp(Cloning.with(store), growing, "grown");
    cloning.copyBackup("grown", store, "copy", FORGETTING);
    PrivateShop.grow(growing, 1);
    PrivateShop.grow(growing, 2);
    assertThat(cloning.status("copy", growing).source().t()).isEqualTo(growing.basisT());
    cloning.backupNextSegment("copy", growing, 1);
    cloning.backup("copy", growing, BackupOptions.DEFAULTS);
    assertHoldsNothingOfIt(store, "copy");
    assertThat(log(StoredBackup.of(store, "copy"))).isEqualTo(log(forgotten(growing)));
    assertThat(cloning.verifyStored("copy", growing, VerifyOptions.DEFAULTS).differences())
        .isEmpty();
    // The same copy again brings what the backup has got.
    BackupStore late = new MemoryBackupStore();
    cloning.copyBackup("grown", late, "copy", FORGETTING);
    backUp(cloning, growing, "grown");
    assertThat(cloning.copyBackup("grown", late, "copy", FORGETTING).segments()).hasSize(1);
    assertHoldsNothingOfIt(late, "copy");
    assertThat(log(StoredBackup.of(late, "copy"))).isEqualTo(log(forgotten(growing)));
  }

  private static void backUp(Cloning cloning, DatomicConnection source, String name) {
    cloning.backup(name, source, SMALL);
  }

  @Test
  void compactionKeepsTheRules() {
    cloning.copyBackup("w", store, "copy", FORGETTING);
    assertThat(
            cloning.compact("copy", CompactOptions.DEFAULTS.withTransactionCountMax(10)).segments())
        .isNotEmpty()
        .allSatisfy(
            segment ->
                assertThat(StoredBackup.of(store, "copy").info(segment.range()).redactedBy())
                    .hasSize(2));
    assertHoldsNothingOfIt(store, "copy");
    assertSound("copy");
    assertThat(cloning.verifyStored("copy", source, VerifyOptions.DEFAULTS).differences())
        .isEmpty();
  }

  @Test
  void aCopyOfACopyHasTheRulesOfBoth() {
    cloning.copyBackup("w", store, "first", CopyOptions.DEFAULTS.excluding(":person/ssn"));
    cloning.copyBackup(
        "first", store, "copy", CopyOptions.DEFAULTS.erasing(":user/email", ANN + "@example.com"));
    assertHoldsNothingOfIt(store, "copy");
    assertThat(log(StoredBackup.of(store, "copy"))).isEqualTo(log(forgotten(source)));
    BackupStore other = new MemoryBackupStore();
    cloning.copyBackup("copy", other, "copy", CopyOptions.DEFAULTS);
    for (StoredObject object : objects(other)) {
      assertThat(bytes(other, object)).isEqualTo(bytes(store, object));
    }
  }

  @Test
  void sealedAndPlainStoresAreCopiedIntoEachOther() {
    SealingKeys keys = SealingKeys.create();
    SealingKeys others = SealingKeys.create();
    BackupStore bottom = new MemoryBackupStore();
    BackupStore sealed = SealedBackupStore.over(bottom, keys);
    BackupStore resealed = SealedBackupStore.over(new MemoryBackupStore(), others);
    BackupStore opened = new MemoryBackupStore();
    cloning.copyBackup("w", sealed, "w", CopyOptions.DEFAULTS);
    Cloning.with(sealed).copyBackup("w", resealed, "copy", FORGETTING);
    Cloning.with(resealed).copyBackup("copy", opened, "copy", CopyOptions.DEFAULTS);
    assertThat(log(StoredBackup.of(sealed, "w"))).isEqualTo(log(source));
    assertThat(log(StoredBackup.of(resealed, "copy"))).isEqualTo(log(forgotten(source)));
    assertHoldsNothingOfIt(opened, "copy");
    assertThat(log(StoredBackup.of(opened, "copy"))).isEqualTo(log(forgotten(source)));
  }

  @Test
  void aGapIsCopiedAsAGap() {
    BackupStore holed = new MemoryBackupStore();
    TxRange hole = StoredBackup.of(store, "w").segments().get(2).range();
    for (StoredObject object : objects(store)) {
      if (!object.key().equals(StoredBackup.of(store, "w").key(hole))) {
        holed.create(object.key(), bytes(store, object));
      }
    }
    CopySummary summary =
        Cloning.with(holed)
            .copyBackup("w", holed, "copy", CopyOptions.DEFAULTS.excluding(":user/ssn"));
    assertThat(summary.gaps()).containsExactly(hole);
    assertThat(Cloning.with(holed).backupGaps("copy")).containsExactly(hole);
    Cloning.with(holed).repairBackup("copy", source);
    assertThat(
            Cloning.with(holed).verifyStored("copy", source, VerifyOptions.DEFAULTS).differences())
        .isEmpty();
  }

  // The standing rule.

  @Test
  void anExcludedAttributeNeverEntersTheStore() {
    DatomicConnection growing = system.newDatabase();
    PrivateShop.fill(growing);
    BackupOptions options =
        BackupOptions.DEFAULTS.withTransactionCountMax(3).excluding(":user/ssn");
    cloning.backup("kept", growing, options);
    PrivateShop.grow(growing, 1);
    cloning.backup("kept", growing, BackupOptions.DEFAULTS);
    PrivateShop.grow(growing, 2);
    cloning.backup("kept", growing, options);
    assertThat(raw(store, "kept")).doesNotContain(SSN);
    assertThat(cloning.verifyStored("kept", growing, VerifyOptions.DEFAULTS).differences())
        .isEmpty();
    DatomicConnection target = system.newDatabase();
    cloning.restore("kept", target, RestoreOptions.DEFAULTS);
    LogComparison.assertEqual(
        without(growing, Set.of(), Set.of(entity(growing, keyword("user/ssn")))), target);
    for (BackupOptions other :
        List.of(options.excluding(":user/age"), BackupOptions.DEFAULTS.excluding(":user/age"))) {
      assertThatThrownBy(() -> cloning.backup("kept", growing, other))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("it leaves out [:user/ssn]");
    }
    assertThatThrownBy(
            () -> cloning.backup("w", source, BackupOptions.DEFAULTS.excluding(":user/ssn")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("no attribute");
    assertThatThrownBy(
            () -> cloning.backup("new", source, BackupOptions.DEFAULTS.excluding(":user/none")))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(StoredBackup.of(store, "new").ownership().isClaimed()).isFalse();
  }

  /** So does an attribute that loses the ident, and one that gets it later. */
  @Test
  void aRuleFollowsItsIdent() {
    DatomicConnection growing = system.newDatabase();
    PrivateShop.fill(growing);
    cloning.backup("kept", growing, BackupOptions.DEFAULTS.excluding(":audit/by"));
    PrivateShop.transact(growing, "[{:db/id :audit/by :db/ident :audit/person}]");
    PrivateShop.transact(
        growing,
        "[{:db/ident :audit/by :db/valueType :db.type/string",
        ":db/cardinality :db.cardinality/one}]");
    PrivateShop.transact(
        growing,
        "[{:db/id \"datomic.tx\" :audit/by \"" + PrivateShop.CANARY + "-new\"",
        ":audit/person \"" + PrivateShop.CANARY + "-old\"}]");
    cloning.backup("kept", growing, BackupOptions.DEFAULTS.withTransactionCountMax(1));
    assertThat(raw(store, "kept"))
        .contains(SSN)
        .doesNotContain(PrivateShop.CANARY + "-new", PrivateShop.CANARY + "-old", "auditor");
    assertThat(cloning.verifyStored("kept", growing, VerifyOptions.DEFAULTS).differences())
        .isEmpty();
  }

  // What is stored.

  private void assertSound(String name) {
    assertThat(cloning.check(name, CheckOptions.DEFAULTS.withLevel(CheckLevel.DECODE)).findings())
        .isEmpty();
  }

  private static void assertHoldsNothingOfIt(BackupStore store, String name) {
    assertThat(raw(store, name)).doesNotContain(ANN).doesNotContain(SSN);
    for (Transaction transaction : log(StoredBackup.of(store, name))) {
      assertThat(transaction.toString()).doesNotContain(ANN).doesNotContain(SSN);
    }
  }

  /** All bytes of a backup's objects, and of all that is compressed in them. */
  private static String raw(BackupStore store, String name) {
    StringBuilder text = new StringBuilder();
    for (StoredObject object : objects(store)) {
      if (object.key().startsWith(name + "/")) {
        byte[] bytes = bytes(store, object);
        text.append(new String(bytes, StandardCharsets.ISO_8859_1));
        for (int i = 0; i < bytes.length - 2; i++) {
          if (bytes[i] == 0x1f && bytes[i + 1] == (byte) 0x8b && bytes[i + 2] == 8) {
            text.append(unzipped(bytes, i));
          }
        }
      }
    }
    assertThat(text.toString()).contains("user/email"); // it does read
    return text.toString();
  }

  private static String unzipped(byte[] bytes, int start) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(bytes, start, bytes.length - start))) {
      in.transferTo(content);
    } catch (IOException endOfSection) {
      // what follows the section is not of it
    }
    return content.toString(StandardCharsets.ISO_8859_1);
  }

  static List<Transaction> log(DatomicConnection connection) {
    try (Stream<Transaction> log = PrivateShop.log(connection)) {
      return log.toList();
    }
  }

  static List<Transaction> log(StoredBackup backup) {
    List<Transaction> log = new ArrayList<>();
    for (StoredSegment stored : backup.cover().inUse()) {
      Segment segment = backup.segment(stored.range());
      try (Stream<Transaction> transactions = segment.transactions()) {
        log.addAll(transactions.toList());
      }
    }
    return log;
  }

  private static List<StoredObject> objects(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.toList();
    }
  }

  private static byte[] bytes(BackupStore store, StoredObject object) {
    return store.read(object.key(), Integer.MAX_VALUE).orElseThrow();
  }

  /** A store in which so many objects are created, and no more. */
  private static final class Mortal extends ForwardingBackupStore {
    private final AtomicInteger left;

    Mortal(BackupStore real, int count) {
      super(real);
      this.left = new AtomicInteger(count);
    }

    @Override
    public boolean create(String key, byte[] content) {
      if (left.getAndDecrement() <= 0) {
        throw new StoreException("the store is gone", "run it again");
      }
      return super.create(key, content);
    }
  }
}
