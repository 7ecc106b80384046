/**
 * A {@link com.fulcrologic.datomiccloudbackup.store.BackupStore} in a bucket of S3, or of a server
 * that speaks its protocol and honours conditional writes. Its entry points are {@link
 * com.fulcrologic.datomiccloudbackup.store.s3.AwsSdkV1} and {@link
 * com.fulcrologic.datomiccloudbackup.store.s3.AwsSdkV2}: a caller of one needs that SDK on the
 * class path, and not the other.
 *
 * <p>The meaning of a request and of its failure is the same for both, and is in {@code
 * S3BackupStore}, which also repeats what failed. Only {@code SdkV1Objects}, {@code SdkV2Objects}
 * and the two entry points name types of an SDK.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store.s3;

import org.jspecify.annotations.NullMarked;
