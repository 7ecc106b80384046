package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exception carries the place that its message names: backup, t, range and key. */
class FailurePlaceTest {
  @TempDir private Path directory;
  private final LocalSystem system = LocalSystem.inMemory();
  private final DatomicConnection source = system.newDatabase();
  private Cloning cloning;

  @BeforeEach
  void makeBackup() {
    cloning = Cloning.with(FilesystemBackupStore.at(directory));
    SampleWorld.fill(source);
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
  }

  @Test
  void namesTheSegmentThatIsCorrupt() throws IOException {
    TxRange second = cloning.segments("w").get(1).range();
    Path file;
    try (var files = Files.walk(directory)) {
      file =
          files
              .filter(each -> each.toString().contains("-" + second.startT() + "-" + second.endT()))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 40] ^= 1;
    file.toFile().setWritable(true);
    Files.write(file, bytes);
    DatomicConnection target = system.newDatabase();
    BackupException.Place place =
        catchThrowableOfType(
                CorruptSegmentException.class,
                () -> cloning.restore("w", target, RestoreOptions.DEFAULTS))
            .place();
    assertThat(place.backup()).contains("w");
    assertThat(place.range()).contains(second);
    assertThat(place.key()).contains(directory.relativize(file).toString());
    assertThat(place.t()).isEmpty();
  }

  @Test
  void namesTheTransactionThatIsRefused() {
    BackupException failure =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () ->
                cloning.restore(
                    "w",
                    system.newDatabase(),
                    RestoreOptions.DEFAULTS.rewriting(":w/id", id -> 1L)));
    assertThat(failure.place().t()).isPresent();
    assertThat(failure).hasMessageContaining("t " + failure.place().t().getAsLong() + ":");
    assertThat(failure.place().range().orElseThrow().contains(failure.place().t().getAsLong()))
        .isTrue();
    assertThat(failure.place().backup()).contains("w");
  }

  @Test
  void namesTheBackup() {
    assertThat(
            catchThrowableOfType(NoSuchBackupException.class, () -> cloning.segments("x"))
                .place()
                .backup())
        .contains("x");
    assertThat(
            catchThrowableOfType(
                    UnreachablePointException.class,
                    () ->
                        cloning.backupRange(
                            "w",
                            source,
                            new TxRange(0, source.basisT() + 2),
                            BackupOptions.DEFAULTS))
                .place()
                .backup())
        .contains("w");
  }
}
