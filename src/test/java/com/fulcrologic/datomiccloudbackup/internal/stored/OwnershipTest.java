package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim.Reason;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What claims say, and that nothing else is taken for one. */
class OwnershipTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final SourceClaim FIRST =
      new SourceClaim(Reason.FIRST, new SourceIdentity("my db\n=%ü", null));
  private static final SourceClaim COMPLETED =
      new SourceClaim(Reason.COMPLETED, new SourceIdentity("my db\n=%ü", HASH));
  private static final SourceClaim ADOPTED =
      new SourceClaim(Reason.ADOPTED, new SourceIdentity("another", HASH));

  private final BackupStore store = new MemoryBackupStore();
  private final StoredBackup backup = StoredBackup.of(store, "orders");

  @Test
  void theLastClaimCountsAndTheFirstNamesTheOrigin() {
    assertThat(backup.ownership().isClaimed()).isFalse();
    assertThat(backup.ownership().current()).isEmpty();
    assertThat(backup.ownership().origin()).isEmpty();
    for (SourceClaim claim : List.of(FIRST, COMPLETED, ADOPTED)) {
      assertThat(backup.ownership().add(claim)).isTrue();
    }
    Ownership ownership = backup.ownership();
    assertThat(ownership.claims()).containsExactly(FIRST, COMPLETED, ADOPTED);
    assertThat(ownership.origin()).hasValue(COMPLETED.source());
    assertThat(ownership.current()).hasValue(ADOPTED.source());
    assertThat(backup.foreignKeys().count()).isZero();
    assertThat(backup.exists()).isFalse();
    assertThat(StoredBackup.names(store)).isEmpty();
  }

  @Test
  void aClaimThatIsThereStays() {
    Ownership before = backup.ownership();
    assertThat(before.add(FIRST)).isTrue();
    assertThat(before.add(ADOPTED)).isFalse();
    assertThat(backup.ownership().claims()).containsExactly(FIRST);
  }

  @Test
  void aClaimIsTextThatPeopleCanRead() {
    assertThat(new String(ClaimCodec.encode(COMPLETED), StandardCharsets.UTF_8).lines())
        .containsExactly(
            "datomic-cloud-backup claim 1",
            "reason completed",
            "database-id my+db%0A%3D%25%C3%BC",
            "first-transaction-hash " + HASH,
            // printf of the four lines above | sha256sum
            "sha-256 9b7ed4b649038d43df5cd671ec517a09e50932ff83645a2320763d160ce95e91");
  }

  @Test
  void everyChangedByteOfAClaimIsFound() {
    byte[] claim = ClaimCodec.encode(ADOPTED);
    for (int at = 0; at < claim.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = claim.clone();
        changed[at] ^= (byte) (1 << bit);
        assertThat(ClaimCodec.decode(changed)).as("byte %d bit %d", at, bit).isEmpty();
      }
      assertThat(ClaimCodec.decode(Arrays.copyOf(claim, at))).isEmpty();
    }
    assertThat(ClaimCodec.decode(Arrays.copyOf(claim, claim.length + 1))).isEmpty();
    assertThat(ClaimCodec.decode(claim)).hasValue(ADOPTED);
  }

  @Test
  void aBrokenClaimIsToldAndNotTakenForNone() {
    store.create("orders/claim", new byte[] {1, 2, 3});
    assertThatThrownBy(backup::ownership)
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("orders/claim of backup orders");
  }

  @Test
  void aMissingClaimIsToldAndNotTakenForNone() {
    store.create("orders/claim-1", ClaimCodec.encode(ADOPTED));
    assertThatThrownBy(backup::ownership)
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("a claim before the last is missing");
  }

  @Test
  void aClaimOfAnotherVersionIsToldFromABrokenOne() {
    String later =
        new String(ClaimCodec.encode(FIRST), StandardCharsets.UTF_8).replace("claim 1", "claim 4");
    store.create("orders/claim", later.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(backup::ownership)
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("its version is 4");
  }

  @Test
  void onlyAClaimOfAnExcisionIsOfVersion2() {
    for (List<Long> ts : List.of(List.<Long>of(), List.of(1003L), List.of(1003L, 20_000L))) {
      SourceClaim excised =
          new SourceClaim(SourceClaim.Reason.EXCISED, FIRST.source(), new TreeSet<>(ts));
      byte[] bytes = ClaimCodec.encode(excised);
      String text = new String(bytes, StandardCharsets.UTF_8);
      assertThat(text).contains("claim 2", "reason excised");
      assertThat(ClaimCodec.decode(bytes)).contains(excised);
      String reordered = text.replace("1003,20000", "20000,1003");
      assertThat(ClaimCodec.decode(reordered.getBytes(StandardCharsets.UTF_8)).isPresent())
          .as("one encoding alone")
          .isEqualTo(reordered.equals(text));
    }
    assertThat(new String(ClaimCodec.encode(FIRST), StandardCharsets.UTF_8)).contains("claim 1");
  }

  @Test
  void aClaimHasTheRulesOfItsBackup() {
    Redaction rules =
        new Redaction(
            List.of(
                new Redaction.LeftOut(Keyword.intern("user", "ssn"), new TreeSet<>(Set.of(75L))),
                new Redaction.Erased(new TreeSet<>(Set.of(2L << 43, 1L << 42)))));
    SourceClaim redacted = FIRST.copied("all orders", rules);
    byte[] bytes = ClaimCodec.encode(redacted);
    assertThat(new String(bytes, StandardCharsets.UTF_8).lines())
        .containsExactly(
            "datomic-cloud-backup claim 3",
            "reason first",
            "database-id my+db%0A%3D%25%C3%BC",
            "first-transaction-hash none",
            "copied-from all+orders",
            "leave-out %3Auser%2Fssn 75",
            "erase 4398046511104,17592186044416",
            // printf of the lines above | sha256sum
            "sha-256 d6934943ff7cb21ee3048aa19f8423fdd5305d2324f7cb13cc005963e32e3152");
    assertThat(ClaimCodec.decode(bytes)).contains(redacted);
    // printf 'leave-out :user/ssn' | sha256sum | cut -c 1-12, and the same of the erase line
    assertThat(rules.rules())
        .extracting(Redaction.Rule::id)
        .containsExactly("0cc4833d4f63", "403d7f2d3e57");
    backup.ownership().add(redacted);
    backup.ownership().add(ADOPTED);
    assertThat(backup.ownership().redaction()).isEqualTo(rules);
    for (int at = 0; at < bytes.length; at++) {
      assertThat(ClaimCodec.decode(Arrays.copyOf(bytes, at))).isEmpty();
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      assertThat(ClaimCodec.decode(changed)).as("byte %d", at).isEmpty();
    }
  }

  @Test
  void theLongestListOfEntitiesFitsIntoAClaim() {
    SortedSet<Long> ids = new TreeSet<>();
    for (long i = 0; i < Redaction.ERASED_COUNT_MAX; i++) {
      ids.add(Long.MAX_VALUE - i);
    }
    Redaction most = Redaction.erasing(ids);
    assertThat(backup.ownership().add(FIRST.under(most))).isTrue();
    assertThat(backup.ownership().redaction()).isEqualTo(most);
    ids.add(5L << 42);
    assertThatThrownBy(() -> Redaction.erasing(ids))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("100001 entities");
  }

  @Test
  void whatOnlyLooksLikeAClaimIsForeign() {
    List<String> foreign =
        List.of(
            "orders/claim-0",
            "orders/claim-01",
            "orders/claim-a",
            "orders/claim/1",
            "orders/claims");
    foreign.forEach(key -> store.create(key, new byte[1]));
    assertThat(backup.foreignKeys().first()).containsExactlyInAnyOrderElementsOf(foreign);
    assertThat(backup.ownership().isClaimed()).isFalse();
  }

  @Test
  void claimsAreBounded() {
    for (int i = 0; i < Ownership.CLAIM_COUNT_MAX; i++) {
      store.create(i == 0 ? "orders/claim" : "orders/claim-" + i, ClaimCodec.encode(ADOPTED));
    }
    assertThatThrownBy(() -> backup.ownership().add(FIRST)).isInstanceOf(StoreException.class);
  }
}
