package com.fulcrologic.datomiccloudbackup.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.BackupStoreContract;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sealed store in memory meets the contract; and what becomes of objects that were changed. */
final class SealedBackupStoreTest extends BackupStoreContract {
  private static final SealingKeys KEYS = SealingKeys.create();
  private static final String KEY = "orders/segments/a";
  private static final int ALL = Integer.MAX_VALUE;

  private final MemoryBackupStore raw = new MemoryBackupStore();

  @Override
  protected BackupStore emptyStore() {
    return SealedBackupStore.over(raw, KEYS);
  }

  @Override
  protected BackupStore sameStore(BackupStore store) {
    return emptyStore();
  }

  private static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  private static byte[] seal(SealingKeys keys, String key, byte[] content) {
    MemoryBackupStore store = new MemoryBackupStore();
    SealedBackupStore.over(store, keys).create(key, content);
    return store.read(key, ALL).orElseThrow();
  }

  private static Optional<byte[]> opened(SealingKeys keys, byte[] stored) {
    MemoryBackupStore store = new MemoryBackupStore();
    store.create(KEY, stored);
    return SealedBackupStore.over(store, keys).read(KEY, ALL);
  }

  private static void requireCorrupt(String what, byte[] stored) {
    assertThatThrownBy(() -> opened(KEYS, stored))
        .as(what)
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining(KEY);
  }

  /** One piece of the cipher, and three of them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 100, 9_000})
  void everyChangedByteIsFound(int size) {
    byte[] stored = seal(KEYS, KEY, content(size));
    for (int i = 0; i < stored.length; i++) {
      byte[] changed = stored.clone();
      changed[i] ^= (byte) (1 << i % Byte.SIZE);
      requireCorrupt("byte " + i, changed);
    }
    assertThat(opened(KEYS, stored)).hasValue(content(size));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 9_000})
  void aCutAtEveryLengthIsFound(int size) {
    byte[] stored = seal(KEYS, KEY, content(size));
    for (int length = 0; length < stored.length; length++) {
      requireCorrupt("length " + length, Arrays.copyOf(stored, length));
    }
    requireCorrupt("a byte more", Arrays.copyOf(stored, stored.length + 1));
  }

  /** Also one of the same content, under the same key: the name is what differs. */
  @Test
  void noObjectPassesForAnother() {
    List<String> names =
        List.of(KEY, "orders/segments/b", "others/segments/a", "orders/claim-00000", "orders/x/a");
    for (String name : names) {
      byte[] stored = seal(KEYS, name, content(100));
      if (name.equals(KEY)) {
        assertThat(opened(KEYS, stored)).hasValue(content(100));
      } else {
        requireCorrupt(name, stored);
      }
    }
  }

  @Test
  void nothingButNamesAndSizesIsInTheClear() {
    byte[] canary = "the canary in the coal mine".getBytes(StandardCharsets.UTF_8);
    String stored = new String(seal(KEYS, KEY, canary), StandardCharsets.ISO_8859_1);

    assertThat(stored).doesNotContain("canary", "coal", "mine");
    assertThat(stored).startsWith("\u0089DCSEAL\n");
    assertThat(seal(KEYS, KEY, canary)).isNotEqualTo(seal(KEYS, KEY, canary));
  }

  @Test
  void theSizeOfEachContentIsKnownFromItsObject() {
    Stream.concat(IntStream.range(0, 200).boxed(), IntStream.range(4_000, 8_300).boxed())
        .forEach(
            size -> {
              int stored = seal(KEYS, KEY, new byte[size]).length;
              assertThat(SealedSize.ofContent(size)).as("%d bytes", size).isEqualTo(stored);
              assertThat(SealedSize.content(stored)).as("%d bytes", size).isEqualTo((long) size);
            });
    assertThat(SealedSize.content(0)).isNegative();
    assertThat(SealedSize.content(75)).isNegative();
    assertThat(SealedSize.content(SealHeader.SIZE + 4_096 + 16)).isNegative();
  }

  /** A header of a segment is read so: two pieces, however large the segment is. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_039, 4_040, 4_041, 4_096, 8_120, 8_121, 20_000})
  void aStartIsOpenedWithoutTheRest(int size) {
    byte[] stored = seal(KEYS, KEY, content(100_000));
    int needed = (int) SealedSize.toOpen(size);
    byte[] changed = stored.clone();
    Arrays.fill(changed, needed, stored.length, (byte) 0);
    MemoryBackupStore store = new MemoryBackupStore();
    store.create(KEY, changed);

    assertThat(needed).isLessThan(size + 2 * 4_096 + SealHeader.SIZE);
    assertThat(SealedBackupStore.over(store, KEYS).read(KEY, size))
        .hasValue(Arrays.copyOf(content(100_000), size));
    assertThatThrownBy(() -> SealedBackupStore.over(store, KEYS).read(KEY, ALL))
        .isInstanceOf(CorruptSegmentException.class);
  }

  /** Each start that ends at, before and after the end of a piece and of the content. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_040, 4_041, 8_120, 8_121})
  void anyStartOfAnyObjectIsRead(int size) {
    raw.create(KEY, seal(KEYS, KEY, content(size)));
    for (int sizeMax : new int[] {0, 1, 4_039, 4_040, 4_041, 8_119, 8_120, 8_121, 8_122, ALL}) {
      assertThat(emptyStore().read(KEY, sizeMax))
          .hasValue(Arrays.copyOf(content(size), Math.min(size, sizeMax)));
    }
  }

  @Test
  void sixteenMebibytesTakeOneCopyAndLittleMore() {
    byte[] content = content(16 << 20);
    byte[] stored = seal(KEYS, KEY, content);
    BackupStore one = SealedBackupStore.over(new OneObject(stored), KEYS);
    one.create(KEY, content);
    one.read(KEY, ALL);
    long oneCopy = stored.length + (8L << 20); // the cipher's own garbage takes four

    assertThat(allocated(() -> one.create(KEY, content))).isLessThan(oneCopy);
    assertThat(allocated(() -> one.read(KEY, ALL))).isLessThan(oneCopy);
    assertThat(allocated(() -> one.read(KEY, 4_096))).isLessThan(1L << 20);
  }

  private static long allocated(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Has no copies of its own; the object is longer than what is asked for. */
  private static final class OneObject implements BackupStore {
    private final byte[] stored;

    OneObject(byte[] stored) {
      this.stored = stored;
    }

    @Override
    public boolean create(String key, byte[] content) {
      return false;
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      return Optional.of(stored.length <= sizeMax ? stored : Arrays.copyOf(stored, sizeMax));
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
      return Stream.of(new StoredObject(KEY, stored.length));
    }

    @Override
    public String location() {
      return "memory:";
    }
  }

  @Test
  void aMissingKeyIsNamedAndToldFromAWrongOne() throws GeneralSecurityException {
    byte[] stored = seal(KEYS, KEY, content(100));
    SealingKeys others = SealingKeys.create();

    assertThatThrownBy(() -> opened(others, stored))
        .isInstanceOf(SealingKeyException.class)
        .hasMessageContainingAll(KEY, KEYS.keys().get(0).id(), others.keys().get(0).id());
    assertThatThrownBy(() -> opened(keys(KEYS.primaryId(), KeyStatus.ENABLED), stored))
        .isInstanceOf(CorruptSegmentException.class);
  }

  /** A keyset of two keys: one of that id, and a primary one. */
  private static SealingKeys keys(int id, KeyStatus status) throws GeneralSecurityException {
    return TinkKeysets.keys(
        KeysetHandle.newBuilder()
            .setConfiguration(StreamingAeadConfig2026.get())
            .addEntry(
                KeysetHandle.generateEntryFromParameters(
                        PredefinedStreamingAeadParameters.AES256_GCM_HKDF_4KB)
                    .withFixedId(id)
                    .setStatus(status))
            .addEntry(
                KeysetHandle.generateEntryFromParameters(
                        PredefinedStreamingAeadParameters.AES256_GCM_HKDF_4KB)
                    .withRandomId()
                    .makePrimary())
            .build());
  }

  @Test
  void aDisabledKeyIsAMissingOne() throws GeneralSecurityException {
    SealingKeys disabled = keys(KEYS.primaryId(), KeyStatus.DISABLED);

    assertThat(disabled.keys().get(0))
        .isEqualTo(new SealingKey(KEYS.keys().get(0).id(), false, "disabled"));
    assertThatThrownBy(() -> opened(disabled, seal(KEYS, KEY, content(100))))
        .isInstanceOf(SealingKeyException.class);
  }

  @Test
  void afterARotationTheOldKeysOpenAndTheNewOneSeals() {
    SealingKeys rotated = KEYS.rotated();
    byte[] before = seal(KEYS, KEY, content(100));
    byte[] after = seal(rotated, KEY, content(100));

    assertThat(rotated.keys()).hasSize(2);
    assertThat(rotated.primaryId()).isNotEqualTo(KEYS.primaryId());
    assertThat(opened(rotated, before)).hasValue(content(100));
    assertThat(opened(rotated, after)).hasValue(content(100));
    assertThatThrownBy(() -> opened(KEYS, after)).isInstanceOf(SealingKeyException.class);
  }

  @Test
  void aLaterVersionIsNamed() {
    byte[] stored = seal(KEYS, KEY, content(100));
    ByteBuffer header = ByteBuffer.wrap(stored);
    header.putInt(8, 2);
    CRC32 crc = new CRC32();
    crc.update(stored, 0, 16);
    header.putInt(16, (int) crc.getValue());

    assertThatThrownBy(() -> opened(KEYS, stored))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("version 2");
  }

  /** The header is clear, and authentic all the same: even where one key has two ids. */
  @Test
  void aForgedHeaderIsFound() throws GeneralSecurityException {
    Key key =
        KeysetHandle.generateNew(
                PredefinedStreamingAeadParameters.AES256_GCM_HKDF_4KB,
                StreamingAeadConfig2026.get())
            .getPrimary()
            .getKey();
    SealingKeys twice =
        TinkKeysets.keys(
            KeysetHandle.newBuilder()
                .setConfiguration(StreamingAeadConfig2026.get())
                .addEntry(KeysetHandle.importKey(key).withFixedId(1).makePrimary())
                .addEntry(KeysetHandle.importKey(key).withFixedId(2))
                .build());
    byte[] stored = seal(twice, KEY, content(100));
    assertThat(opened(twice, stored)).hasValue(content(100));
    System.arraycopy(new SealHeader(2).bytes(), 0, stored, 0, SealHeader.SIZE);

    assertThatThrownBy(() -> opened(twice, stored)).isInstanceOf(CorruptSegmentException.class);
  }

  /** Neither is silently off: not in claims, which every writer reads first, and not elsewhere. */
  @Test
  void plainAndSealedNeverMix() {
    SourceClaim claim =
        new SourceClaim(SourceClaim.Reason.FIRST, new SourceIdentity("a-database", null));
    StoredBackup.of(emptyStore(), "sealed").ownership().add(claim);
    StoredBackup.of(raw, "plain").ownership().add(claim);

    assertThat(StoredBackup.of(emptyStore(), "sealed").ownership().claims()).containsExactly(claim);
    assertThatThrownBy(() -> StoredBackup.of(raw, "sealed").ownership())
        .isInstanceOf(SealingKeyException.class)
        .hasMessageContaining("under key " + KEYS.keys().get(0).id());
    assertThatThrownBy(() -> StoredBackup.of(emptyStore(), "plain").ownership())
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("it is not sealed");
  }

  @Test
  void withoutKeysAnyStartOfASealedObjectIsRefused() {
    raw.create(KEY, seal(KEYS, KEY, content(100)));
    raw.create("orders/plain", content(100));
    BackupStore plain = SealedBackupStore.withoutKeys(raw);

    for (int sizeMax : new int[] {0, 1, 8, 20, ALL}) {
      assertThatThrownBy(() -> plain.read(KEY, sizeMax)).isInstanceOf(SealingKeyException.class);
      assertThat(plain.read("orders/plain", sizeMax))
          .hasValue(Arrays.copyOf(content(100), Math.min(100, sizeMax)));
    }
    assertThat(plain.read("orders/none", 10)).isEmpty();
    assertThat(plain.location()).isEqualTo("memory:");
    assertThat(plain.tryOut()).isNotEmpty();
  }

  @Test
  void aTrialNamesTheKey() {
    assertThat(emptyStore().tryOut())
        .contains("objects are sealed under key " + KEYS.keys().get(0).id());
  }
}
