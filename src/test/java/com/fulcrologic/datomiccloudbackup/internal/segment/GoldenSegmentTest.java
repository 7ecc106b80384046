package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A segment as version 1 wrote it, kept for ever: {@code /golden/segment-1.dcb}, the whole log of
 * the sample world. Once version 1 is released, never write it anew: when this fails, stored
 * backups cannot be read any more.
 */
class GoldenSegmentTest {
  private static final int VERSION_OFFSET = 8;
  private static final DatabaseFunction FUNCTION =
      new DatabaseFunction(
          "{:lang :clojure, :imports nil, :requires nil, :params [db x], :code \"[[:db/add x]]\"}");

  @Test
  void aSegmentOfVersion1IsReadAndRestored() throws IOException {
    byte[] golden = golden();
    Segment segment = Segment.read(golden, "golden");
    SegmentInfo info = segment.info();
    assertThat(info.formatVersion()).isEqualTo(1);
    assertThat(info.range()).isEqualTo(new TxRange(0, 65));
    assertThat(info.contentHash())
        .isEqualTo("337cc938a5eaa31a261c4c5f53fffaa8c13dd1d9240f5dd5bfe86eccdff2aab0");
    try (Stream<Transaction> transactions = segment.transactions()) {
      List<Transaction> all = transactions.toList();
      assertThat(all).hasSize(info.transactionCount());
      assertThat(TransactionHash.sha256(all.get(all.size() - 1)))
          .isEqualTo(info.lastTransactionHash())
          .isEqualTo("4561462553245a29124b4fd7355248b6933b2a2166f3af850f8123185a2904a4");
    }

    BackupStore store = new MemoryBackupStore();
    StoredBackup.of(store, "w").save(info.range(), golden, Objects::deepEquals);
    Cloning cloning = Cloning.with(store);
    DatomicConnection target = LocalSystem.inMemory().newDatabase();
    while (cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {
      // until nothing is new
    }
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).transactionCount())
        .isEqualTo(info.transactionCount());
  }

  /**
   * {@code /golden/segment-2.dcb}: one transaction of Datomic Pro. Readers of format 1 refuse it by
   * its version, as {@link #aLaterVersionIsRefusedAndNamed} shows for a later one.
   */
  @Test
  void aSegmentWithBytesAndAFunctionIsOfVersion2() throws IOException {
    byte[] golden = golden("segment-2.dcb");
    assertThat(ByteBuffer.wrap(golden).getInt(VERSION_OFFSET)).isEqualTo(2);
    Segment segment = Segment.read(golden, "golden");
    assertThat(segment.info().formatVersion()).isEqualTo(2);
    Transaction transaction =
        Logs.transaction(
            6,
            Logs.datom(6, Logs.ALICE, Logs.NAME, new byte[] {0, -1, 127}),
            Logs.datom(6, Logs.ALICE, Logs.NAME, FUNCTION));
    try (Stream<Transaction> transactions = segment.transactions()) {
      assertThat(transactions).containsExactly(transaction);
    }
    assertThat(segment.info().lastTransactionHash())
        .isEqualTo(TransactionHash.sha256(transaction))
        .isEqualTo("1bfcad6c2ccd78a86a7c085a71f0c61e589c4ccc854ff2f64f9a69ddf2d64675");
    assertThat(Logs.write(transaction).bytes()).isEqualTo(golden);
    Transaction withoutThem = Logs.transaction(6, Logs.datom(6, Logs.ALICE, Logs.NAME, "x"));
    assertThat(Logs.write(withoutThem).info().formatVersion()).isEqualTo(1);
  }

  @Test
  void aLaterVersionIsRefusedAndNamed() throws IOException {
    byte[] later = golden();
    ByteBuffer.wrap(later).putInt(VERSION_OFFSET, 7);
    int headerEnd = Segment.headerSizeNeeded(later).orElseThrow() - Sha256.SIZE;
    System.arraycopy(Sha256.of(later, 0, headerEnd), 0, later, headerEnd, Sha256.SIZE);
    int end = later.length - Sha256.SIZE;
    System.arraycopy(Sha256.of(later, 0, end), 0, later, end, Sha256.SIZE);
    for (Runnable read :
        List.<Runnable>of(
            () -> Segment.read(later, "golden"), () -> Segment.readInfo(later, "golden"))) {
      assertThatThrownBy(read::run)
          .isInstanceOfSatisfying(
              UnsupportedFormatException.class,
              refused -> assertThat(refused.hint()).contains("reads format 7"))
          .hasMessageContaining("version 7");
    }
  }

  private static byte[] golden() throws IOException {
    return golden("segment-1.dcb");
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream stream = GoldenSegmentTest.class.getResourceAsStream("/golden/" + name)) {
      return Objects.requireNonNull(stream, "the golden segment").readAllBytes();
    }
  }
}
