package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.BackupStoreContract;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

final class SdkV2BackupStoreTest extends BackupStoreContract {
  private final Map<BackupStore, String> buckets = new ConcurrentHashMap<>();

  @Override
  protected BackupStore emptyStore() {
    return storeIn(S3Server.newBucket());
  }

  @Override
  protected BackupStore sameStore(BackupStore store) {
    return storeIn(Objects.requireNonNull(buckets.get(store)));
  }

  private BackupStore storeIn(String bucket) {
    BackupStore store = S3Server.store(Sdk.V2, bucket, new RequestCount());
    buckets.put(store, bucket);
    return store;
  }
}
