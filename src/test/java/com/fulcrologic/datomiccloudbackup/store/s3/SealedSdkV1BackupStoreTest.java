package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.testing.Stores;

final class SealedSdkV1BackupStoreTest extends S3StoreContract {
  SealedSdkV1BackupStoreTest() {
    super(Sdk.V1, Stores::sealed);
  }
}
