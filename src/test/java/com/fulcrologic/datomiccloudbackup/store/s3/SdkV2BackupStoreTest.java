package com.fulcrologic.datomiccloudbackup.store.s3;

final class SdkV2BackupStoreTest extends S3StoreContract {
  SdkV2BackupStoreTest() {
    super(Sdk.V2);
  }
}
