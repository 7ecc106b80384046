package com.fulcrologic.datomiccloudbackup.pro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.PrivateWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of a state between Datomic Local and Datomic Pro. */
class ProCopyTest {
  private static final VerifyOptions VERIFY = VerifyOptions.DEFAULTS.quotingValues();

  @ParameterizedTest
  @EnumSource
  void copiesTheStateOfALiveSource(Direction direction) {
    DatomicConnection source = direction.newSource();
    SampleWorld.fill(source);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    DatomicConnection target = direction.newTarget();
    assertThat(cloning.copyState(source, target, RestoreOptions.DEFAULTS).unequalTs()).isEmpty();
    LogComparison.assertEqualFromBaseline(source.basisT(), source, target);
    assertThat(cloning.verify(source, target, VERIFY).differences()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void masksARestoreAndACopy(Direction direction) {
    DatomicConnection source = direction.newSource();
    PrivateWorld.fill(source);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    RestoreOptions masked =
        RestoreOptions.DEFAULTS
            .including(":customer/*")
            .excluding(":customer/home")
            .withMaskSalt(new byte[16])
            .withMask(":customer/email", Mask.FAKE)
            .withMask(":customer/name", Mask.truncate(2))
            .withMask(":customer/ssn", Mask.HASH)
            .withMask(":customer/phones", Mask.HASH);
    DatomicConnection restored = direction.newTarget();
    cloning.restore("w", restored, masked);
    DatomicConnection copied = direction.newTarget();
    cloning.copyState(source, copied, masked);
    for (DatomicConnection target : List.of(restored, copied)) {
      assertThat(PrivateWorld.everythingIn(target))
          .contains("@example.com")
          .doesNotContainIgnoringCase(PrivateWorld.CANARY)
          .doesNotContain("\"note ");
      VerificationReport report = cloning.verify(source, target, VERIFY);
      assertThat(report.differences()).isEmpty();
      assertThat(report.isEqual()).isTrue();
    }
  }
}
