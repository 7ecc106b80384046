package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a sealed store. New objects are sealed under the primary key; the others open what
 * was sealed before. Without its key, nothing opens an object: <b>a lost key loses the backup</b>.
 * Immutable, thread-safe. Its text has ids, and no key.
 */
public final class SealingKeys {
  private static final int ID_COUNT_MAX = 8;
  private static final String LIBRARY = "com.google.crypto.tink:tink";
  private static final String ANY_CLASS = "com/google/crypto/tink/KeysetHandle.class";

  private final TinkKeyset keyset;

  SealingKeys(TinkKeyset keyset) {
    this.keyset = keyset;
  }

  /**
   * One new key.
   *
   * @throws InvalidConfigurationException when Tink is not on the class path
   */
  public static SealingKeys create() {
    return withTink(() -> new SealingKeys(TinkKeyset.generate()));
  }

  /**
   * The keys in a file: a keyset of Tink in JSON, in the clear, all enabled keys of the kind {@code
   * AES256_GCM_HKDF_4KB}.
   *
   * @throws InvalidConfigurationException when there is no such file, others than its owner can
   *     read it, it is not such a keyset, or Tink is not on the class path. The message quotes none
   *     of it
   */
  public static SealingKeys read(Path file) {
    String json = KeysetFile.read(file);
    return withTink(
        () -> {
          try {
            return new SealingKeys(TinkKeyset.parse(json));
          } catch (GeneralSecurityException | RuntimeException unusable) {
            if (unusable instanceof InvalidConfigurationException known) {
              throw known;
            }
            // Not as the cause: its text may quote a key.
            throw new InvalidConfigurationException(
                "Failed to read the keys in " + file + ": it is not a keyset of Tink in JSON.",
                "Give the file that keys new has written.");
          }
        });
  }

  /** Runs what needs Tink, or says that it is missing. */
  private static <T> T withTink(Supplier<T> work) {
    String what = "Failed to use keys: ";
    if (SealingKeys.class.getClassLoader().getResource(ANY_CLASS) == null) {
      throw new InvalidConfigurationException(
          what + "Google Tink is not on the class path.", "Add " + LIBRARY + ".");
    }
    try {
      return work.get();
    } catch (LinkageError broken) {
      throw new InvalidConfigurationException(
          what + "Google Tink does not load: " + broken.getClass().getName() + ".",
          "Take the versions that " + LIBRARY + " asks for, of protobuf-java and gson too.",
          broken);
    }
  }

  /** These keys, and a new primary one. */
  public SealingKeys rotated() {
    return new SealingKeys(keyset.rotated());
  }

  /**
   * Writes the keys to a new file that only its owner can read, as durable as the disk makes it.
   *
   * @throws InvalidConfigurationException when there is such a file, or it cannot be written
   */
  public void writeNew(Path file) {
    KeysetFile.create(file, keyset.json());
  }

  /**
   * Adds a new primary key to a file. Atomic: after a crash the file has the former keys or all.
   *
   * @return the keys in the file now
   * @throws InvalidConfigurationException as {@link #read} does, when the file cannot be written,
   *     and when another process rotates it, or died at it
   */
  public static SealingKeys rotate(Path file) {
    return KeysetFile.replace(
        file,
        () -> {
          SealingKeys rotated = read(file).rotated();
          return new KeysetFile.Replacement<>(rotated.keyset.json(), rotated);
        });
  }

  /** The keys, as far as they may be shown, in the order of the keyset. */
  public List<SealingKey> keys() {
    return keyset.keys();
  }

  int primaryId() {
    return keyset.primaryId();
  }

  /** The object: the header, then the encrypted content. */
  byte[] seal(SealHeader header, byte[] content, byte[] associatedData) {
    byte[] object = new byte[(int) SealedSize.ofContent(content.length)];
    Filling filling = new Filling(object);
    filling.write(header.bytes(), 0, SealHeader.SIZE);
    try {
      keyset.seal(content, associatedData, filling);
    } catch (IOException e) {
      throw new IllegalStateException("an array takes all bytes", e);
    }
    if (filling.size != object.length) {
      throw new IllegalStateException("a sealed object has the size that was computed");
    }
    return object;
  }

  /**
   * Opens the first {@code size} bytes of an object's content.
   *
   * @param isWhole whether the content ends there
   * @param what the object, for messages
   */
  byte[] open(
      SealHeader header,
      byte[] object,
      byte[] associatedData,
      int size,
      boolean isWhole,
      String what) {
    if (!keyset.isEnabled(header.keyId())) {
      throw new SealingKeyException(
          "Failed to open "
              + what
              + ": it is sealed under key "
              + header.keyIdText()
              + ", and the keys given are "
              + this
              + ".",
          "Give the keyset file that has this key, enabled.");
    }
    byte[] content = new byte[size];
    InputStream afterHeader =
        new ByteArrayInputStream(object, SealHeader.SIZE, object.length - SealHeader.SIZE);
    try {
      keyset.open(header.keyId(), afterHeader, associatedData, content, isWhole);
      return content;
    } catch (IOException e) {
      throw notAuthentic(what, e);
    }
  }

  static CorruptSegmentException notAuthentic(String what, @Nullable Throwable cause) {
    return new CorruptSegmentException(
        "Failed to open "
            + what
            + ": it was changed, cut or exchanged after it was sealed, or the key differs.",
        "Recover the object from a copy of the store; check that the keyset file is the right one.",
        cause);
  }

  /** The ids of the first keys. */
  @Override
  public String toString() {
    List<SealingKey> keys = keys();
    String ids =
        keys.stream().limit(ID_COUNT_MAX).map(SealingKey::id).collect(Collectors.joining(", "));
    return keys.size() > ID_COUNT_MAX ? ids + ", …" : ids;
  }

  /** Fills an array. */
  private static final class Filling extends OutputStream {
    private final byte[] bytes;
    private int size;

    Filling(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void write(int b) {
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      System.arraycopy(from, offset, bytes, size, count);
      size += count;
    }
  }
}
