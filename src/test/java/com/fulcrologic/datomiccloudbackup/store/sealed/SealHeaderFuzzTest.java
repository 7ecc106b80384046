package com.fulcrologic.datomiccloudbackup.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Any bytes are refused as an object of a sealed store, since none was sealed. */
class SealHeaderFuzzTest {
  private static final String KEY = "orders/claim";
  private static final SealingKeys KEYS = SealingKeys.create();
  private static final int CHECKED_SIZE = SealHeader.SIZE - Integer.BYTES;

  @FuzzTest
  void header(byte[] bytes) {
    byte[] forged = bytes.clone();
    if (forged.length >= SealHeader.SIZE) {
      CRC32 crc = new CRC32();
      crc.update(forged, 0, CHECKED_SIZE);
      ByteBuffer.wrap(forged).putInt(CHECKED_SIZE, (int) crc.getValue());
    }
    byte[] ours = forged.clone();
    if (ours.length >= SealHeader.SIZE) {
      System.arraycopy(new SealHeader(KEYS.primaryId()).bytes(), 0, ours, 0, SealHeader.SIZE);
    }
    for (byte[] each : new byte[][] {bytes, forged, ours}) {
      MemoryBackupStore raw = new MemoryBackupStore();
      raw.create(KEY, each);
      for (int size : new int[] {0, 10, Integer.MAX_VALUE}) {
        read(SealedBackupStore.over(raw, KEYS), size, null);
        read(SealedBackupStore.withoutKeys(raw), size, each);
      }
      try {
        SealHeader header = SealHeader.parse(each, KEY);
        assertThat(header.bytes()).isEqualTo(Arrays.copyOf(each, SealHeader.SIZE));
      } catch (CorruptSegmentException | UnsupportedFormatException refused) {
        assertThat(refused.hint()).isNotEmpty();
      }
    }
  }

  /** Opens an object: none is authentic, and one in the clear is as it is. */
  private static void read(BackupStore store, int size, byte @Nullable [] clear) {
    try {
      byte[] content = store.read(KEY, size).orElseThrow();
      byte[] expected = Objects.requireNonNull(clear, "nothing here is authentic");
      assertThat(content).isEqualTo(Arrays.copyOf(expected, Math.min(size, expected.length)));
    } catch (CorruptSegmentException | SealingKeyException | UnsupportedFormatException refused) {
      assertThat(refused.hint()).isNotEmpty();
    }
  }
}
