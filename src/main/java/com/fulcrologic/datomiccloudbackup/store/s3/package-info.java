/**
 * A {@link com.fulcrologic.datomiccloudbackup.store.BackupStore} in a bucket of S3, or of a server
 * that speaks its protocol and honours conditional writes. Its doors are {@link
 * com.fulcrologic.datomiccloudbackup.store.s3.AwsSdkV1} and {@link
 * com.fulcrologic.datomiccloudbackup.store.s3.AwsSdkV2}: whoever uses one needs that SDK on the
 * class path, and not the other.
 *
 * <p>What a request means, and what its failure means, is the same for both, and is in {@code
 * S3BackupStore}; only {@code SdkV1Objects} and {@code SdkV2Objects} and the two doors name types
 * of an SDK.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store.s3;

import org.jspecify.annotations.NullMarked;
