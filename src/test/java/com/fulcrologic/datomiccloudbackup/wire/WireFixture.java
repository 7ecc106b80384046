package com.fulcrologic.datomiccloudbackup.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.time.Duration;

/** What the tests over the wire have in common. */
final class WireFixture {
  /** So that a reply that never comes costs a second. */
  static final Duration CALL_LIMIT = Duration.ofSeconds(1);

  static final RetryPolicy PATIENT =
      new RetryPolicy(20, Duration.ofMillis(1), Duration.ofMillis(20));
  static final BackupOptions BACKUP =
      BackupOptions.DEFAULTS.withRetryPolicy(PATIENT).withTransactionCountMax(7);
  static final RestoreOptions RESTORE = RestoreOptions.DEFAULTS.withRetryPolicy(PATIENT);
  static final VerifyOptions VERIFY = VerifyOptions.DEFAULTS.withRetryPolicy(PATIENT);

  private WireFixture() {}

  /** A database with the sample world, made behind the wire, where nothing fails. */
  static String filled(WireSystem system, String name) {
    system.operations().create(name);
    SampleWorld.fill(system.local(name));
    return name;
  }

  /** An empty database. */
  static String empty(WireSystem system, String name) {
    system.operations().create(name);
    return name;
  }

  /** A connection through the wire, whose calls are soon given up. */
  static DatomicConnection connect(WireSystem system, String name) {
    return system.client().withCallLimit(CALL_LIMIT).connect(name);
  }

  static Cloning cloning() {
    return Cloning.with(new MemoryBackupStore());
  }

  static void restoreAll(Cloning cloning, String name, DatomicConnection target) {
    while (cloning.restoreSegment(name, target, RESTORE) instanceof RestoredSegment) {
      // until nothing is new
    }
  }

  static void assertEqual(VerificationReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.transactionCount()).isPositive();
  }
}
