package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A process of its own that backs a durable database up under one name after another. */
final class BackingUpProcess {
  static final BackupOptions OPTIONS = BackupOptions.DEFAULTS.withTransactionCountMax(2);

  private static final long BOOTSTRAP_LAST_T = 5;

  private BackingUpProcess() {}

  /**
   * Backs up, and prints a line before and after each. Ends also when it fails, although Datomic
   * Local's threads would keep it going.
   *
   * @param args the store's directory, the source's client map, its name, and the backups' names
   */
  public static void main(String[] args) {
    int exitCode = 1;
    try {
      backUp(args);
      exitCode = 0;
    } catch (RuntimeException failed) {
      System.out.println("failed " + failed);
    } finally {
      System.exit(exitCode);
    }
  }

  private static void backUp(String[] args) {
    DatomicConnection source = DatomicClient.ofEdn(args[1]).connect(args[2]);
    if (source.basisT() == BOOTSTRAP_LAST_T) {
      SampleWorld.fill(source);
    }
    Cloning cloning = Cloning.with(Stores.in(Path.of(args[0])));
    List<String> names = Arrays.asList(args).subList(3, args.length);
    for (String name : names) {
      System.out.println("begun " + name);
      cloning.backup(name, source, OPTIONS);
      System.out.println("stored " + name);
    }
  }
}
