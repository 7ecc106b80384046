package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings for the writing of objects, and for retries. Immutable; start from {@link #DEFAULTS}.
 */
public final class S3Options {

  /** The encryption of an object at rest. */
  public enum Encryption {
    /** As the bucket is set up; no request names an encryption. */
    BUCKET_DEFAULT,
    /** S3, with keys of its own ({@code AES256}). */
    SSE_S3,
    /** S3, with a key of KMS ({@code aws:kms}). */
    SSE_KMS
  }

  /** The storage classes that can be read at once: an archived backup is not usable. */
  private static final Set<String> STORAGE_CLASSES =
      Set.of("", "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR");

  private static final Pattern KMS_KEY_ID = Pattern.compile("[A-Za-z0-9:/_-]{0,2048}");

  /** The bucket's own encryption and storage class; ten attempts, in a minute or so. */
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
          "Objects of the storage class cannot be read at once.",
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

  /** The encryption at rest, and the owner of its key. */
  public Encryption encryption() {
    return encryption;
  }

  /**
   * The key's id, ARN or alias, with {@link Encryption#SSE_KMS}; empty for the account's own key
   * for S3, and with any other encryption.
   */
  public String kmsKeyId() {
    return kmsKeyId;
  }

  /** The storage class, as {@code STANDARD_IA}; empty for the bucket's default. */
  public String storageClass() {
    return storageClass;
  }

  /**
   * The retries of a request that met a transient fault, on top of the retries of the SDK's client.
   */
  public RetryPolicy retryPolicy() {
    return retryPolicy;
  }

  /** The same options, with encryption by S3 with its own keys. */
  public S3Options withSseS3() {
    return new S3Options(Encryption.SSE_S3, "", storageClass, retryPolicy);
  }

  /**
   * The same options, with encryption by S3 with a key of KMS.
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
