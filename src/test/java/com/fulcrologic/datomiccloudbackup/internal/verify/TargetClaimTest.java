package com.fulcrologic.datomiccloudbackup.internal.verify;

import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isClaim;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What does not belong together is refused, and not compared. */
class TargetClaimTest {
  private static final VerifyOptions OPTIONS = VerifyOptions.DEFAULTS;

  private static DatomicConnection source;
  private static DatomicConnection other;
  private static DatomicConnection target;
  private static Cloning cloning;
  private static Cloning others;

  @BeforeAll
  static void restoreAWorld() {
    LocalSystem system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    other = system.newDatabase();
    SampleWorld.fill(other);
    cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    cloning.backup("v", source, BackupOptions.DEFAULTS);
    others = Cloning.with(new MemoryBackupStore());
    others.backup("w", other, BackupOptions.DEFAULTS);
    target = system.newDatabase();
    while (cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {
      // until nothing is new
    }
  }

  @Test
  void ofAnotherBackupIsRefused() {
    assertThatThrownBy(() -> cloning.verify("v", target, OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("backup w, not v");
    assertThat(cloning.verify("w", target, OPTIONS).isEqual()).isTrue();
  }

  @Test
  void ofAnotherSourceIsRefused() {
    assertThatThrownBy(() -> others.verify("w", target, OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("source " + source.databaseId())
        .hasMessageContaining("not " + other.databaseId());
    assertThatThrownBy(() -> others.verify(other, target, OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("not " + other.databaseId());
    assertThat(cloning.verify(source, target, OPTIONS).isEqual()).isTrue();
  }

  /** As durable Datomic Local reports it: another database under the same id. */
  @Test
  void ofAnotherFirstTransactionIsRefused() {
    assertThatThrownBy(
            () ->
                cloning.verify(
                    source,
                    claiming(
                        claim ->
                            claim.replaceAll(
                                ":source-first-transaction \"[0-9a-f]{6}",
                                ":source-first-transaction \"000000")),
                    OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class);
  }

  @Test
  void ofAnotherFormatIsRefused() {
    assertThatThrownBy(
            () ->
                cloning.verify(
                    "w", claiming(claim -> claim.replace(":format 1", ":format 4")), OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("format 4");
  }

  @Test
  void thatCannotBeReadIsADifference() {
    assertUnreadable(claim -> claim.replace(":excluded []", ":excluded [\"x y\"]"));
    assertUnreadable(claim -> claim.replace(":backup \"w\"", ":backup 5"));
    assertUnreadable(claim -> claim.replace(":format 1,", ""));
    assertUnreadable(claim -> "{:broken");
    assertUnreadable(claim -> "[]");
  }

  @Test
  void aBackupOfAnotherSourceIsRefused() {
    assertThatThrownBy(() -> cloning.verifyStored("w", other, OPTIONS))
        .isInstanceOf(ForeignSourceException.class)
        .hasMessageContaining(source.databaseId())
        .hasMessageContaining(other.databaseId());
    assertThat(others.verifyStored("w", other, OPTIONS).isEqual()).isTrue();
  }

  private static void assertUnreadable(UnaryOperator<String> change) {
    VerificationReport report = cloning.verify("w", claiming(change), OPTIONS);
    assertThat(report.differenceCounts()).containsOnlyKeys(Kind.BOOKKEEPING);
    assertThat(report.count(Kind.BOOKKEEPING)).isEqualTo(1);
  }

  private static DatomicConnection claiming(UnaryOperator<String> change) {
    return new TamperedConnection(
        target, values(v -> isClaim(v) ? changed((String) v, change) : v));
  }

  private static String changed(String claim, UnaryOperator<String> change) {
    String changed = change.apply(claim);
    assertThat(changed).isNotEqualTo(claim);
    return changed;
  }
}
