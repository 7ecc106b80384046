package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.ANN;
import static com.fulcrologic.datomiccloudbackup.testing.StoreContents.objects;
import static com.fulcrologic.datomiccloudbackup.testing.StoreContents.storeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects of two backups, or of two pasts, do not become one that forgets less than it says. */
class MixedCopyTest extends ShopBackup {
  @BeforeEach
  void copy() {
    cloning.copyBackup("w", store, "copy", FORGETTING);
  }

  @Test
  void aLostClaimEndsNoRule() {
    Map<String, byte[]> objects = objects(store);
    objects.keySet().removeIf(key -> key.startsWith("copy/claim"));
    assertRefusesOtherRules(objects);
  }

  @Test
  void aPlainSegmentAmongOthersIsNotTakenOver() {
    Map<String, byte[]> objects = objects(store);
    objects.replaceAll(
        (key, bytes) ->
            key.startsWith("copy/segments") ? objects.get(key.replace("copy/", "w/")) : bytes);
    assertRefusesOtherRules(objects);
  }

  /** The newest one is as it should be, so each segment is looked at. */
  @Test
  void onePlainSegmentInTheMiddleIsNotTakenOver() {
    Map<String, byte[]> objects = objects(store);
    StoredBackup copy = StoredBackup.of(store, "copy");
    String key = copy.key(copy.segments().get(2).range());
    objects.replace(key, objects.get(key.replace("copy/", "w/")));
    BackupStore mixed = storeOf(objects);
    Cloning cloning = Cloning.with(mixed);
    assertThatThrownBy(() -> cloning.copyBackup("copy", mixed, "copy-2", CopyOptions.DEFAULTS))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("was written under the rules");
    assertThatThrownBy(
            () -> cloning.compact("copy", CompactOptions.DEFAULTS.withTransactionCountMax(10)))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("was written under the rules");
  }

  private static void assertRefusesOtherRules(Map<String, byte[]> objects) {
    BackupStore mixed = storeOf(objects);
    Cloning cloning = Cloning.with(mixed);
    for (ThrowingCallable attempt :
        List.<ThrowingCallable>of(
            () -> cloning.backup("copy", source, SMALL),
            () -> cloning.backup("copy", source, SMALL.excluding(":user/ssn")),
            () -> cloning.copyBackup("copy", mixed, "copy-2", CopyOptions.DEFAULTS),
            () -> cloning.compact("copy", CompactOptions.DEFAULTS.withTransactionCountMax(10)))) {
      assertThatThrownBy(attempt)
          .isInstanceOf(CorruptSegmentException.class)
          .hasMessageContaining("was written under the rules");
    }
    assertThat(objects(mixed)).hasSameSizeAs(objects);
  }

  @Test
  void noEntityIsErasedWhereTransactionsAreMissing() {
    Map<String, byte[]> objects = objects(store);
    StoredBackup backup = StoredBackup.of(store, "w");
    objects.remove(backup.key(backup.segments().get(2).range()));
    BackupStore holed = storeOf(objects);
    assertThatThrownBy(() -> Cloning.with(holed).copyBackup("w", holed, "copy-2", FORGETTING))
        .isInstanceOf(SegmentGapException.class);
    assertThat(StoredBackup.of(holed, "copy-2").ownership().isClaimed()).isFalse();
  }

  /** The source was put back to an earlier t, and its backup was made anew in the same ranges. */
  @Test
  void anotherPastDoesNotContinueACopy() {
    BackupStore other = new MemoryBackupStore();
    long t = source.basisT() - 1;
    DatomicConnection again =
        new TamperedConnection(
            source, log -> log.stream().map(each -> each.t() < t ? each : changed(each)).toList());
    Cloning.with(other).backup("w", again, SMALL);
    assertThatThrownBy(() -> Cloning.with(other).copyBackup("w", store, "w", CopyOptions.DEFAULTS))
        .isInstanceOf(ForkedHistoryException.class);
  }

  private static Transaction changed(Transaction transaction) {
    List<Datom> datoms = new ArrayList<>(transaction.datoms());
    datoms.replaceAll(
        datom ->
            datom.v() instanceof Long number
                ? new Datom(datom.e(), datom.a(), number + 1, datom.tx(), datom.added())
                : datom);
    return new Transaction(transaction.t(), transaction.tx(), datoms);
  }

  @Test
  void aCopyAsItIsOfARedactedOneHasItsBaselines() {
    cloning.writeBaseline("copy", source.basisT());
    BackupStore second = new MemoryBackupStore();
    cloning.copyBackup("copy", second, "copy", CopyOptions.DEFAULTS);
    Map<String, byte[]> first = objects(store);
    first.keySet().removeIf(key -> !key.startsWith("copy/"));
    assertThat(objects(second).keySet()).isEqualTo(first.keySet());
  }

  @Test
  void rulesOfOtherAttributesUnderOneIdentDiffer() {
    TreeSet<Long> ids = new TreeSet<>(List.of(72L));
    Redaction.LeftOut one = new Redaction.LeftOut(Edn.keyword(":user/ssn"), ids);
    ids.add(80L);
    assertThat(new Redaction.LeftOut(Edn.keyword(":user/ssn"), ids).id()).isNotEqualTo(one.id());
  }

  /** A number and a string have had the ident, and the text is no number. */
  @Test
  void aValueIsLookedForInEachAttributeThatCanHaveIt() {
    DatomicConnection renamed = system.newDatabase();
    PrivateShop.fill(renamed);
    PrivateShop.transact(renamed, "[{:db/id :note/text :db/ident :note/body}]");
    PrivateShop.transact(
        renamed,
        "[{:db/ident :note/text :db/valueType :db.type/long",
        ":db/cardinality :db.cardinality/one}]");
    cloning.backup("renamed", renamed, SMALL);
    assertThat(
            cloning
                .copyBackup(
                    "renamed",
                    store,
                    "renamed-2",
                    CopyOptions.DEFAULTS.erasing(":note/text", ANN + " room"))
                .leftOutDatomCount())
        .isPositive();
  }
}
