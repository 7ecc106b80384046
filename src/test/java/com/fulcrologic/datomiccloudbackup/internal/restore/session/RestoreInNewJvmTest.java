package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes, halted for good in the middle of a segment, and in the middle of the last one.
 */
class RestoreInNewJvmTest {
  @Test
  void goesOnWhereAHaltedProcessStopped(@TempDir Path directory) throws Exception {
    DatomicConnection source = LocalSystem.inMemory().newDatabase();
    SampleWorld.fill(source);
    Path storeDirectory = directory.resolve("backup");
    BackupStore store = Stores.in(storeDirectory);
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(40));
    LocalSystem targetSystem = LocalSystem.in(directory.resolve("target"));
    targetSystem.create("restored");

    assertThat(restoreInNewJvm(storeDirectory, targetSystem, 17))
        .isEqualTo(RestoringProcess.HALTED);
    assertThat(restoreInNewJvm(storeDirectory, targetSystem, 33))
        .isEqualTo(RestoringProcess.HALTED);

    DatomicConnection target = targetSystem.database("restored");
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, OPTIONS);
    LogComparison.assertEqualReadBack(source, target);
  }

  private static int restoreInNewJvm(Path store, LocalSystem target, int commitCountMax)
      throws Exception {
    Process process =
        new ProcessBuilder(
                ChildJvm.command(
                    List.of("-Xmx512m", Stores.jvmArgument()),
                    RestoringProcess.class,
                    store.toString(),
                    target.clientMap(),
                    "restored",
                    Integer.toString(commitCountMax)))
            .inheritIO()
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the restoring process did not end");
    }
    return process.exitValue();
  }
}
