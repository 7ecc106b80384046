package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.regex.Pattern;

/**
 * The place of a store in S3. All objects of the store, and no others, should be below the prefix.
 *
 * @param bucket the bucket's name, or an access point's alias
 * @param prefix the beginning of the keys of the store's objects, separated from the rest by a
 *     slash; empty for the whole bucket; no slash at either end
 */
public record S3Location(String bucket, String prefix) {
  private static final int PREFIX_SIZE_MAX = 400;

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** Characters that need no escape anywhere; no element is empty, {@code .} or {@code ..}. */
  private static final Pattern PREFIX =
      Pattern.compile("(?:(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/(?!$)|$))*");

  /**
   * @throws InvalidConfigurationException when {@code bucket} cannot be a bucket's name, or the
   *     prefix is not at most 400 characters {@code A-Z a-z 0-9 . _ -} in elements separated by
   *     single slashes
   */
  public S3Location {
    if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
      throw new InvalidConfigurationException(
          "This cannot be the name of a bucket.",
          "Name the bucket alone: 3 to 63 characters a-z, 0-9, - and dots.");
    }
    if (prefix.length() > PREFIX_SIZE_MAX || !PREFIX.matcher(prefix).matches()) {
      throw new InvalidConfigurationException(
          "The prefix in the bucket is not usable.",
          "Use at most "
              + PREFIX_SIZE_MAX
              + " of A-Z a-z 0-9 . _ - in elements separated by single slashes.");
    }
  }

  /** The beginning of the key of every object of the store. */
  String keyPrefix() {
    return prefix.isEmpty() ? "" : prefix + "/";
  }

  /** The location as {@code s3://bucket/prefix}. */
  @Override
  public String toString() {
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}
