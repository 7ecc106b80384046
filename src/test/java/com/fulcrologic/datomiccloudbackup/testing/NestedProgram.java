package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;

/** Makes a database, backs it up, and says so, or why not. */
public final class NestedProgram {
  private NestedProgram() {}

  public static void main(String[] args) {
    try {
      DatomicClient client =
          DatomicClient.ofEdn("{:server-type :datomic-local :storage-dir :mem :system \"s\"}");
      client.createDatabase("a");
      Cloning cloning = Cloning.with(new MemoryBackupStore());
      cloning.backupNextSegment("a", client.connect("a"), 100);
      System.out.println("stored " + cloning.segments("a").size());
    } catch (BackupException refused) {
      System.out.println(refused.getMessage() + "; hint: " + refused.hint());
    }
    System.exit(0);
  }
}
