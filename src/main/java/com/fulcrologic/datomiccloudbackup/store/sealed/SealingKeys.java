package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
  private static final String KMS_CLASS = "com/amazonaws/services/kms/AWSKMS.class";

  /** The first line of a keyset that KMS encrypted, before the ARN of its key. */
  private static final String KMS_LINE = "kms-key ";

  private final TinkKeyset keyset;
  private final @Nullable String kmsKey;

  SealingKeys(TinkKeyset keyset) {
    this(keyset, null);
  }

  private SealingKeys(TinkKeyset keyset, @Nullable String kmsKey) {
    this.keyset = keyset;
    this.kmsKey = kmsKey;
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
   * One new key, which a key of AWS KMS encrypts where it is {@linkplain #writeNew written}. KMS
   * gets no request yet.
   *
   * @param kmsKey the ARN of a symmetric key, or of an alias
   * @throws InvalidConfigurationException when it is no such ARN, or Tink or the SDK's client of
   *     KMS is not on the class path
   */
  public static SealingKeys createForKms(String kmsKey) {
    return withTink(
        () -> {
          kms(kmsKey);
          return new SealingKeys(TinkKeyset.generate(), kmsKey);
        });
  }

  private static KmsKey kms(String arn) {
    if (!isThere(KMS_CLASS)) {
      throw new InvalidConfigurationException(
          "Failed to use a KMS key: the AWS SDK's client of KMS is not on the class path.",
          "Add com.amazonaws:aws-java-sdk-kms.");
    }
    return KmsKey.of(arn);
  }

  /**
   * The keys in a file: a keyset of Tink in JSON, in the clear or encrypted by AWS KMS, all enabled
   * keys of the kind {@code AES256_GCM_HKDF_4KB}. An encrypted one costs one request to KMS.
   *
   * @throws InvalidConfigurationException when there is no such file, others than its owner can
   *     read it, or it is not such a keyset. Also when KMS has no such key that is enabled, and
   *     when Tink is not on the class path. The message quotes none of it
   * @throws StoreAccessDeniedException when KMS refuses to decrypt it
   * @throws StoreException when KMS cannot be reached
   */
  public static SealingKeys read(Path file) {
    return parse(KeysetFile.read(file), "the keys in " + file);
  }

  /** The keys in the text of a keyset file, as from a store of secrets; see {@link #read}. */
  public static SealingKeys parse(String keyset) {
    return parse(keyset, "the keys");
  }

  private static SealingKeys parse(String text, String what) {
    return withTink(
        () -> {
          try {
            return parseAny(text);
          } catch (BackupException known) {
            throw known;
          } catch (GeneralSecurityException | RuntimeException unusable) {
            // Not as the cause: its text may quote a key.
            throw new InvalidConfigurationException(
                ("Failed to read %s: it is not a keyset of Tink in JSON, with a primary key that is "
                        + "enabled.")
                    .formatted(what),
                "Give what keys new has written.");
          }
        });
  }

  private static SealingKeys parseAny(String text) throws GeneralSecurityException {
    if (!text.startsWith(KMS_LINE)) {
      return new SealingKeys(TinkKeyset.parse(text, null));
    }
    String arn = text.lines().findFirst().orElseThrow().substring(KMS_LINE.length());
    return new SealingKeys(TinkKeyset.parse(text.substring(text.indexOf('\n')), kms(arn)), arn);
  }

  /** The content of a keyset file. */
  String text() {
    return kmsKey == null ? keyset.json(null) : KMS_LINE + kmsKey + "\n" + keyset.json(kms(kmsKey));
  }

  /** Runs what needs Tink, or says that it is missing. */
  private static <T> T withTink(Supplier<T> work) {
    String what = "Failed to use keys: ";
    if (!isThere(ANY_CLASS)) {
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

  static boolean isThere(String resource) {
    return SealingKeys.class.getClassLoader().getResource(resource) != null;
  }

  /** These keys, and a new primary one. */
  public SealingKeys rotated() {
    return new SealingKeys(keyset.rotated(), kmsKey);
  }

  /**
   * Writes the keys to a new file that only its owner can read, as durable as the disk makes it.
   *
   * @throws InvalidConfigurationException when there is such a file, it cannot be written, or KMS
   *     does not use the key
   * @throws StoreAccessDeniedException when KMS refuses to encrypt it
   * @throws StoreException when KMS cannot be reached
   */
  public void writeNew(Path file) {
    KeysetFile.create(file, text());
  }

  /**
   * Adds a new primary key to a file, for the same KMS key if there is one. Atomic: after a crash
   * the file has the former keys or all. The file's owner stays.
   *
   * @return the keys in the file now
   * @throws InvalidConfigurationException as {@link #read} does, when the file cannot be written,
   *     and when another process rotates it, or died at it
   * @throws StoreAccessDeniedException when KMS refuses to decrypt or encrypt it
   * @throws StoreException when KMS cannot be reached
   */
  public static SealingKeys rotate(Path file) {
    return KeysetFile.replace(file, () -> read(file).rotated());
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
    Filling object = new Filling((int) SealedSize.ofContent(content.length));
    object.writeBytes(header.bytes());
    try {
      keyset.seal(content, associatedData, object);
    } catch (IOException e) {
      throw new IllegalStateException("an array takes all bytes", e);
    }
    return object.whole();
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
          "Failed to open %s: it is sealed under key %s, and the keys given are %s."
              .formatted(what, header.keyIdText(), this),
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
        ("Failed to open %s: it was changed, cut or exchanged after it was sealed, or the key "
                + "differs.")
            .formatted(what),
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

  /** Fills an array of a known size, which is not copied. */
  private static final class Filling extends ByteArrayOutputStream {
    Filling(int size) {
      super(size);
    }

    byte[] whole() {
      if (count != buf.length) {
        throw new IllegalStateException("a sealed object has the size that was computed");
      }
      return buf;
    }
  }
}
