package com.fulcrologic.datomiccloudbackup.restore;

import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.log.Schema;
import com.fulcrologic.datomiccloudbackup.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.testing.DisguisedLog;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Datomic Local never writes, and other Datomics do: segments made by hand. */
class OtherDatomicsTest {

  /**
   * A t that leaves numbers out, built-ins under other ids, base schema that arrives late, and
   * {@code :db/ensure} in the log.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000})
  void restoresTheLogOfAnotherDatomic(int transactionCountMax) {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    DisguisedLog disguised = new DisguisedLog(source);
    StoredBackup backup = stored(disguised, transactionCountMax);
    assertThat(backup.gaps(0)).isEmpty();

    DatomicConnection target = system.newDatabase();
    restoreAll(new Restore(backup), target, OPTIONS);
    LogComparison.assertEqual(disguised, target);
  }

  private static StoredBackup stored(DisguisedLog log, int transactionCountMax) {
    StoredBackup backup = StoredBackup.of(new MemoryBackupStore(), "w");
    SourceIdentity identity = new SourceIdentity("another", null);
    Schema schema = new Schema();
    OptionalLong previousT = OptionalLong.empty();
    SegmentWriter writer = null;
    int count = 0;
    long startT = 0;
    for (Transaction transaction : log.transactions()) {
      if (writer == null) {
        writer = new SegmentWriter(identity, schema.copy(), startT, previousT, 1 << 20);
      }
      assertThat(writer.add(transaction)).isTrue();
      schema.apply(transaction);
      previousT = OptionalLong.of(transaction.t());
      if (++count % transactionCountMax == 0) {
        backup.save(writer.finish());
        writer = null;
        startT = transaction.t() + 1;
      }
    }
    if (writer != null) {
      backup.save(writer.finish());
    }
    return backup;
  }
}
