package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.ReorderingConnection;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.time.Duration;

/** What the tests of this room share. */
final class RestoreFixture {
  /** As patient as the default, without the waiting. */
  static final RetryPolicy AT_ONCE = new RetryPolicy(5, Duration.ZERO, Duration.ZERO);

  /** The build runs this room's tests twice: one after another, and with as many as this. */
  private static final int IN_FLIGHT_COUNT = Integer.getInteger("transactions.in.flight", 1);

  static final RestoreOptions OPTIONS =
      RestoreOptions.DEFAULTS
          .withRetryPolicy(AT_ONCE)
          .withInFlight(TransactionsInFlight.exactly(IN_FLIGHT_COUNT));

  /** Whatever the build asks for: where calls are counted, or happen at a certain one. */
  static final RestoreOptions ONE_BY_ONE = OPTIONS.withInFlight(TransactionsInFlight.ONE);

  private RestoreFixture() {}

  /** A backup named w of all of the source. */
  static StoredBackup backup(DatomicConnection source, int transactionCountMax) {
    BackupStore store = Stores.memory();
    Cloning.with(store)
        .backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(transactionCountMax));
    return StoredBackup.of(store, "w");
  }

  static NothingNewAvailable restoreAll(
      Restoring restore, DatomicConnection connection, RestoreOptions options) {
    DatomicConnection target =
        options.inFlight().countMax() > 1 ? new ReorderingConnection(connection) : connection;
    RestoreOutcome outcome = restore.restoreSegment(target, options);
    while (outcome instanceof RestoredSegment restored) {
      assertThat(restored.unequalTs()).as("t with other datoms than the source").isEmpty();
      outcome = restore.restoreSegment(target, options);
    }
    return (NothingNewAvailable) outcome;
  }

  /** A new session refuses. */
  static BackupException refuses(
      StoredBackup backup,
      DatomicConnection target,
      RestoreOptions options,
      Class<? extends BackupException> why,
      String reason) {
    return refuses(new Restoring(backup), target, options, why, reason);
  }

  /** And writes nothing. */
  static BackupException refuses(
      Restoring restore,
      DatomicConnection target,
      RestoreOptions options,
      Class<? extends BackupException> why,
      String reason) {
    CountingConnection watched = new CountingConnection(target);
    BackupException[] refusal = new BackupException[1];
    assertThatThrownBy(() -> restore.restoreSegment(watched, options))
        .isInstanceOf(why)
        .hasMessageContaining(reason)
        .satisfies(thrown -> refusal[0] = (BackupException) thrown);
    assertThat(refusal[0].hint()).isNotBlank();
    assertThat(watched.transactCount()).as("transactions sent").isZero();
    return refusal[0];
  }
}
