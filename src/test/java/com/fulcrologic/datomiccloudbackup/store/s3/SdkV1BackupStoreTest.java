package com.fulcrologic.datomiccloudbackup.store.s3;

final class SdkV1BackupStoreTest extends S3StoreContract {
  SdkV1BackupStoreTest() {
    super(Sdk.V1);
  }
}
