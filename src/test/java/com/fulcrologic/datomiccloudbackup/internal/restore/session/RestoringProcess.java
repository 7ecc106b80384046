package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that restores, and that can be halted in the middle. */
final class RestoringProcess {
  static final int HALTED = 86;

  private RestoringProcess() {}

  /**
   * Restores.
   *
   * @param args the store's directory, the target's client map, its name, and after how many
   *     commits to halt
   */
  public static void main(String[] args) {
    int commitCountMax = Integer.parseInt(args[3]);
    DatomicConnection target =
        new ForwardingConnection(DatomicClient.ofEdn(args[1]).connect(args[2])) {
          private int commitCount;

          @Override
          public TransactionReport transact(List<?> txData) {
            TransactionReport report = super.transact(txData);
            if (++commitCount == commitCountMax) {
              Runtime.getRuntime().halt(HALTED);
            }
            return report;
          }
        };
    StoredBackup backup = StoredBackup.of(Stores.in(Path.of(args[0])), "w");
    restoreAll(new Restoring(backup), target, OPTIONS);
    System.exit(0);
  }
}
