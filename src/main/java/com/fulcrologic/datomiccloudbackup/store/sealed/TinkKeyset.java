package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one Tink keyset, all of the kind {@code AES256_GCM_HKDF_4KB}. Immutable, thread-safe.
 */
final class TinkKeyset {
  private static final Configuration TINK = StreamingAeadConfig2026.get();
  private static final byte[] NO_DATA = new byte[0];

  private final KeysetHandle keyset;
  private final Map<Integer, StreamingAead> enabled = new HashMap<>();
  private final int primaryId;

  TinkKeyset(KeysetHandle keyset) {
    this.keyset = keyset;
    for (int i = 0; i < keyset.size(); i++) {
      KeysetHandle.Entry entry = keyset.getAt(i);
      if (entry.getStatus() == KeyStatus.ENABLED) {
        enabled.put(entry.getId(), cipher(entry));
      }
    }
    this.primaryId = keyset.getPrimary().getId(); // which Tink made sure is enabled
  }

  /** The key alone: an object's header names the key, so that no other one is tried. */
  private static StreamingAead cipher(KeysetHandle.Entry entry) {
    if (!entry
        .getKey()
        .getParameters()
        .equals(PredefinedStreamingAeadParameters.AES256_GCM_HKDF_4KB)) {
      throw new InvalidConfigurationException(
          "Failed to use key %s: it is not of Tink's kind AES256_GCM_HKDF_4KB."
              .formatted(Integer.toUnsignedString(entry.getId())),
          "Make a keyset with keys new.");
    }
    try {
      return KeysetHandle.newBuilder()
          .setConfiguration(TINK)
          .addEntry(KeysetHandle.importKey(entry.getKey()).withFixedId(entry.getId()).makePrimary())
          .build()
          .getPrimitive(TINK, StreamingAead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink refuses a key of its own", e);
    }
  }

  static TinkKeyset generate() {
    try {
      return new TinkKeyset(
          KeysetHandle.generateNew(PredefinedStreamingAeadParameters.AES256_GCM_HKDF_4KB, TINK));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink makes no key", e);
    }
  }

  /**
   * The keys from a text, in the clear or encrypted by a KMS key.
   *
   * @throws GeneralSecurityException when it is not such a keyset; its text may quote a key
   */
  static TinkKeyset parse(String json, @Nullable KmsKey kms) throws GeneralSecurityException {
    return new TinkKeyset(
        kms == null
            ? TinkJsonProtoKeysetFormat.parseKeyset(json, TINK, InsecureSecretKeyAccess.get())
            : TinkJsonProtoKeysetFormat.parseEncryptedKeyset(json, kms, NO_DATA, TINK));
  }

  /** These keys, and a new one for new objects. */
  TinkKeyset rotated() {
    try {
      return new TinkKeyset(
          KeysetHandle.newBuilder(keyset)
              .setConfiguration(TINK)
              .addEntry(
                  KeysetHandle.generateEntryFromParameters(
                          PredefinedStreamingAeadParameters.AES256_GCM_HKDF_4KB)
                      .withRandomId()
                      .makePrimary())
              .build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink makes no key", e);
    }
  }

  /** The keys, in the clear or encrypted by a KMS key. */
  String json(@Nullable KmsKey kms) {
    try {
      return kms == null
          ? TinkJsonProtoKeysetFormat.serializeKeyset(keyset, TINK, InsecureSecretKeyAccess.get())
          : TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keyset, kms, NO_DATA, TINK);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink writes no keyset", e);
    }
  }

  List<SealingKey> keys() {
    return IntStream.range(0, keyset.size())
        .mapToObj(keyset::getAt)
        .map(
            entry ->
                new SealingKey(
                    Integer.toUnsignedString(entry.getId()),
                    entry.isPrimary(),
                    entry.getStatus().toString().toLowerCase(Locale.ROOT)))
        .toList();
  }

  int primaryId() {
    return primaryId;
  }

  boolean isEnabled(int keyId) {
    return enabled.containsKey(keyId);
  }

  /** Encrypts under the primary key. */
  void seal(byte[] content, byte[] associatedData, OutputStream into) throws IOException {
    try (OutputStream sealing = cipher(primaryId).newEncryptingStream(into, associatedData)) {
      sealing.write(content);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /**
   * Decrypts the first bytes.
   *
   * @param keyId an enabled key
   * @param content is filled; all bytes of it are authentic
   * @param isWhole whether the content ends there, which is checked
   * @throws IOException when the bytes are not what was sealed under this key
   */
  void open(int keyId, InputStream object, byte[] associatedData, byte[] content, boolean isWhole)
      throws IOException {
    try (InputStream opening = cipher(keyId).newDecryptingStream(object, associatedData)) {
      int size = opening.readNBytes(content, 0, content.length);
      if (size < content.length || (isWhole && opening.read() >= 0)) {
        throw new IOException("the content has another size");
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private StreamingAead cipher(int keyId) {
    return Objects.requireNonNull(enabled.get(keyId), "an enabled key");
  }
}
