package com.fulcrologic.datomiccloudbackup.store.s3;

import com.amazonaws.services.s3.AmazonS3;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.Objects;

/** A store in S3 through version 1 of the AWS SDK for Java, which every Datomic Cloud node has. */
public final class AwsSdkV1 {
  private AwsSdkV1() {}

  /**
   * The store at this place; nothing is read or written yet, and the bucket must exist.
   *
   * <p>The store is thread-safe, and any number of processes may use it. The store sends PutObject,
   * always on the condition that there is no such object, GetObject and ListObjectsV2, and nothing
   * else. Before its first write the store checks that the server honours the condition. The check
   * is one more PutObject of a small marker at {@code .if-none-match} below the prefix (two in an
   * empty store). If the server ignores the condition, the store refuses to write with {@link
   * com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException}.
   *
   * @param client the caller keeps owning it, and closes it after the store's last use. It needs a
   *     socket timeout, which it has by default
   */
  public static BackupStore store(AmazonS3 client, S3Location location, S3Options options) {
    Objects.requireNonNull(client, "client");
    return new S3BackupStore(
        new SdkV1Objects(client, location.bucket(), options), location, options);
  }
}
