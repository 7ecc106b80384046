package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How objects are written, and how patiently a fault is met. Immutable; start from {@link
 * #DEFAULTS}.
 */
public final class S3Options {

  /** Who encrypts an object at rest. */
  public enum Encryption {
    /** As the bucket is set up; no request speaks of it. */
    BUCKET_DEFAULT,
    /** S3, with keys of its own ({@code AES256}). */
    SSE_S3,
    /** S3, with a key of KMS ({@code aws:kms}). */
    SSE_KMS
  }

  /** Those that can be read at once: a backup that must be thawed first is none. */
  private static final Set<String> STORAGE_CLASSES =
      Set.of("", "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR");

  private static final Pattern KMS_KEY_ID = Pattern.compile("[A-Za-z0-9:/_-]{0,2048}");

  /** Encrypted and kept as the bucket says; ten attempts, in a minute or so. */
  public static final S3Options DEFAULTS =
      new S3Options(Encryption.BUCKET_DEFAULT, "", "", RetryPolicy.DEFAULT);

  private final Encryption encryption;
  private final String kmsKeyId;
  private final String storageClass;
  private final RetryPolicy retryPolicy;

  private S3Options(
      Encryption encryption, String kmsKeyId, String storageClass, RetryPolicy retryPolicy) {
    if (!STORAGE_CLASSES.contains(storageClass)) {
      throw new InvalidConfigurationException(
          "The storage class is none whose objects can be read at once.",
          "Use STANDARD, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING or GLACIER_IR.");
    }
    if (!KMS_KEY_ID.matcher(kmsKeyId).matches()
        || (!kmsKeyId.isEmpty() && encryption != Encryption.SSE_KMS)) {
      throw new InvalidConfigurationException(
          "The KMS key's id is not usable.",
          "Give its id, ARN or alias, and only together with encryption by KMS.");
    }
    this.encryption = encryption;
    this.kmsKeyId = kmsKeyId;
    this.storageClass = storageClass;
    this.retryPolicy = retryPolicy;
  }

  /** Who encrypts at rest, with which key. */
  public Encryption encryption() {
    return encryption;
  }

  /**
   * With {@link Encryption#SSE_KMS}, the key's id, ARN or alias; empty for the account's own key
   * for S3, and with any other encryption.
   */
  public String kmsKeyId() {
    return kmsKeyId;
  }

  /** As {@code STANDARD_IA}; empty for the bucket's default. */
  public String storageClass() {
    return storageClass;
  }

  /**
   * How often a request that met a transient fault is sent, on top of what the SDK's client repeats
   * by itself.
   */
  public RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /** Encrypted by S3 with its own keys. */
  public S3Options withSseS3() {
    return new S3Options(Encryption.SSE_S3, "", storageClass, retryPolicy);
  }

  /**
   * Encrypted by S3 with a key of KMS.
   *
   * @param keyId its id, ARN or alias; empty for the account's own key for S3
   */
  public S3Options withSseKms(String keyId) {
    return new S3Options(Encryption.SSE_KMS, keyId, storageClass, retryPolicy);
  }

  public S3Options withStorageClass(String name) {
    return new S3Options(encryption, kmsKeyId, name, retryPolicy);
  }

  public S3Options withRetryPolicy(RetryPolicy policy) {
    return new S3Options(encryption, kmsKeyId, storageClass, policy);
  }
}
