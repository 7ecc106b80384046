package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.s3.RequestCount.Counts;
import com.fulcrologic.datomiccloudbackup.testing.LibraryThreads;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A real database, through a real S3 server, into another one; and what each step is billed. */
final class S3RoundTripTest {
  private static LocalSystem system;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @ParameterizedTest
  @CsvSource({"V1, false", "V2, false", "V1, true", "V2, true"})
  void whatIsBackedUpIsProvedAndRestored(Sdk sdk, boolean isSealed) {
    String bucket = S3Server.newBucket();
    Cloning cloning = Cloning.with(store(sdk, bucket, isSealed));
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));

    assertThat(cloning.check("w", CheckOptions.DEFAULTS.withLevel(CheckLevel.DECODE)).findings())
        .isEmpty();
    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).isEqual()).isTrue();
    assertThat(cloning.verifyRestore("w", VerifyOptions.DEFAULTS).isEqual()).isTrue();
    assertThat(cloning.backupGaps("w")).isEmpty();
    BackupStore fresh = store(sdk, bucket, isSealed);
    assertThat(StoredBackup.names(fresh)).containsExactly("w");
    assertThat(StoredBackup.of(fresh, "w").foreignKeys().count()).isZero();
    DatomicConnection target = system.newDatabase();
    while (Cloning.with(fresh).restoreSegment("w", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {
      // until nothing is new
    }
    LogComparison.assertEqual(source, target);
  }

  private static BackupStore store(Sdk sdk, String bucket, boolean isSealed) {
    BackupStore store = S3Server.store(sdk, bucket, new RequestCount());
    return isSealed ? Stores.sealed(store) : store;
  }

  /** What docs/s3.adoc computes a year's bill with. */
  @ParameterizedTest
  @EnumSource
  void eachStepIsBilledAsDocumented(Sdk sdk) throws InterruptedException {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    DatomicConnection target = system.newDatabase();
    RequestCount count = new RequestCount();
    Cloning cloning = Cloning.with(S3Server.store(sdk, S3Server.newBucket(), count));

    cloning.backupNextSegment("w", growing, 10);
    assertThat(count.take()).as("the first segment").isEqualTo(new Counts(4, 1, 8, 0));
    cloning.backupNextSegment("w", growing, 10);
    assertThat(count.take()).as("the next segment").isEqualTo(new Counts(1, 2, 4, 0));
    while (cloning.backupNextSegment("w", growing, 10) instanceof BackedUpSegment) {
      count.take();
    }
    assertThat(count.take()).as("nothing to back up").isEqualTo(new Counts(0, 2, 4, 0));
    assertThat(cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS))
        .isInstanceOf(RestoredSegment.class);
    assertThat(count.take()).as("the first restored").isEqualTo(new Counts(0, 2, 6, 0));
    cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS);
    LibraryThreads.awaitFetching();
    assertThat(count.take())
        .as("the second restored, and the third fetched")
        .isEqualTo(new Counts(0, 2, 9, 0));
    for (int left = cloning.segments("w").size() - 3; left > 0; left--) {
      count.take();
      assertThat(cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS))
          .isInstanceOf(RestoredSegment.class);
      LibraryThreads.awaitFetching();
      assertThat(count.take()).as("the next one fetched").isEqualTo(new Counts(0, 1, 3, 0));
    }
    assertThat(cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS))
        .isInstanceOf(RestoredSegment.class);
    assertThat(count.take()).as("the last one, which is there").isEqualTo(new Counts(0, 0, 0, 0));
    cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS);
    assertThat(count.take()).as("nothing to restore").isEqualTo(new Counts(0, 0, 3, 0));
    cloning.pollSegment("w", target, RestoreOptions.DEFAULTS);
    assertThat(count.take()).as("polled again").isEqualTo(new Counts(0, 0, 1, 0));
  }
}
