package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.testing.Stores;

final class SealedSdkV2BackupStoreTest extends S3StoreContract {
  SealedSdkV2BackupStoreTest() {
    super(Sdk.V2, Stores::sealed);
  }
}
