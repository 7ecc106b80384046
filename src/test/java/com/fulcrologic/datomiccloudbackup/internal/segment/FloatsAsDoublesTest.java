package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.FloatsAsDoubles;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Backups of Datomic Cloud as they were made before each value had its type's own class: the
 * content, its hashes and its receipts are kept, and mean the same database. {@code
 * -Dgolden.write=true} writes the golden segment anew; once such a version is released, never do.
 */
class FloatsAsDoublesTest {
  private static final String GOLDEN = "/golden/segment-1-floats-as-doubles.dcb";

  /** A segment that an old version stored, kept for ever: the whole log of the sample world. */
  @Test
  void aGoldenSegmentIsReadUnchangedAndRestoredAsFloats() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      writeGolden();
    }
    byte[] golden = golden();
    Segment segment = Segment.read(golden, "golden");
    try (Stream<Transaction> stored = segment.transactions()) {
      List<Transaction> all = stored.toList();
      assertThat(floatCount(all)).isZero();
      assertThat(TransactionHash.sha256(all.get(all.size() - 1)))
          .as("receipts and headers speak of the bytes that are stored")
          .isEqualTo(segment.info().lastTransactionHash());
    }
    BackupStore store = new MemoryBackupStore();
    StoredBackup.of(store, "w").save(segment.info().range(), golden, Objects::deepEquals);
    restoreAndVerify(Cloning.with(store), LocalSystem.inMemory().newDatabase());
  }

  /** The backup goes on from a log that hands out floats, and both are the same log. */
  @Test
  void aBackupGoesOnWhereAnOldVersionStopped() {
    DatomicConnection source = LocalSystem.inMemory().newDatabase();
    SampleWorld.fill(source);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    DatomicConnection old = new FloatsAsDoubles(source);
    long oldEnd = source.basisT() + 1;
    cloning.backupSegment("w", old, new TxRange(0, oldEnd - 7));
    cloning.backupSegment("w", old, new TxRange(oldEnd - 7, oldEnd));

    SampleWorld.grow(source, 1);
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    cloning.backupSegment("w", source, new TxRange(0, oldEnd)); // the same, said again

    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).differences()).isEmpty();
    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).transactionCount())
        .isEqualTo(source.basisT() + 1);
    restoreAndVerify(cloning, LocalSystem.inMemory().newDatabase());
  }

  private static void restoreAndVerify(Cloning cloning, DatomicConnection target) {
    while (cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {
      // until nothing is new
    }
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
    try (Stream<Transaction> restored = target.txRange(new TxRange(0, target.basisT() + 1))) {
      assertThat(floatCount(restored.toList())).isPositive();
    }
  }

  private static long floatCount(List<Transaction> transactions) {
    return transactions.stream()
        .flatMap(transaction -> transaction.datoms().stream())
        .filter(datom -> datom.v() instanceof Float)
        .count();
  }

  private static byte[] golden() throws IOException {
    try (InputStream stream = FloatsAsDoublesTest.class.getResourceAsStream(GOLDEN)) {
      return Objects.requireNonNull(stream, "the golden segment").readAllBytes();
    }
  }

  private static void writeGolden() throws IOException {
    DatomicConnection source = LocalSystem.inMemory().newDatabase();
    SampleWorld.fill(source);
    BackupStore store = new MemoryBackupStore();
    TxRange all = new TxRange(0, source.basisT() + 1);
    Cloning.with(store).backupSegment("w", new FloatsAsDoubles(source), all);
    byte[] content = StoredBackup.of(store, "w").load(all);
    Files.write(Path.of("src/test/resources" + GOLDEN), content);
    Files.write(Path.of("target/test-classes" + GOLDEN), content);
  }
}
