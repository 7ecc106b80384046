package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A process of its own, with a heap of its own: fills a large database and backs it up, or restores
 * it from a baseline and proves that.
 */
final class LargeBaselineProcess {
  static final String FILL = "fill";
  static final String RESTORE = "restore";
  static final String FILLED = "filled t=";
  static final String PROVED = "proved datoms=";

  private static final int TAIL_COUNT = 5;
  private static final int TRANSACTION_DATOM_COUNT = 1_000;
  private static final int ENTITY_DATOM_COUNT = 5;
  private static final String SCHEMA =
      "[{:db/ident :item/id :db/valueType :db.type/uuid :db/cardinality :db.cardinality/one"
          + " :db/unique :db.unique/identity}"
          + " {:db/ident :item/name :db/valueType :db.type/string"
          + " :db/cardinality :db.cardinality/one}"
          + " {:db/ident :item/count :db/valueType :db.type/long"
          + " :db/cardinality :db.cardinality/one}"
          + " {:db/ident :item/next :db/valueType :db.type/ref"
          + " :db/cardinality :db.cardinality/many}]";

  private LargeBaselineProcess() {}

  /**
   * Does one of the two.
   *
   * @param args which, a client map, the backup's directory, and the number of datoms, or the
   *     directory for the spill and the source's t
   */
  public static void main(String[] args) {
    DatomicClient client = DatomicClient.ofEdn(args[1]);
    Cloning cloning = Cloning.with(FilesystemBackupStore.at(Path.of(args[2])));
    if (args[0].equals(FILL)) {
      DatomicConnection source = client.connect("source");
      fill(source, Long.parseLong(args[3]));
      cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(200));
      System.out.println(FILLED + source.basisT());
    } else {
      // Without the source: Datomic Local reads a whole log to open a database.
      restore(cloning, client.connect("target"), Path.of(args[3]), Long.parseLong(args[4]));
    }
    System.exit(0); // Datomic Local keeps threads of its own
  }

  private static void restore(Cloning cloning, DatomicConnection target, Path spill, long sourceT) {
    long t = sourceT - TAIL_COUNT;
    var summary =
        cloning.restore(
            "w",
            target,
            RestoreOptions.DEFAULTS
                .fromBaseline(new RestorePoint.AtT(t))
                .withSpillDirectory(spill));
    var report = cloning.verify("w", target, VerifyOptions.DEFAULTS);
    if (!summary.unequalTs().isEmpty() || !report.differences().isEmpty()) {
      throw new AssertionError(summary + " " + report);
    }
    System.out.println(PROVED + summary.datomCount());
  }

  /** Each transaction adds entities that refer to older ones, and changes some of those. */
  private static void fill(DatomicConnection source, long datomCount) {
    source.transact((List<?>) Edn.read(SCHEMA));
    SplittableRandom random = new SplittableRandom(1);
    List<Long> items = new ArrayList<>();
    for (long done = 0; done < datomCount; done += TRANSACTION_DATOM_COUNT) {
      List<Object> forms = new ArrayList<>();
      for (int i = 0; i < TRANSACTION_DATOM_COUNT / ENTITY_DATOM_COUNT; i++) {
        String id = "item-" + i;
        long number = random.nextLong();
        forms.add(TxData.add(id, Edn.keyword(":item/id"), new UUID(number, done + i)));
        forms.add(TxData.add(id, Edn.keyword(":item/name"), "name " + number));
        forms.add(TxData.add(id, Edn.keyword(":item/count"), number));
        if (!items.isEmpty()) {
          long older = items.get(random.nextInt(items.size()));
          forms.add(TxData.add(id, Edn.keyword(":item/next"), older));
          forms.add(TxData.add(older, Edn.keyword(":item/next"), id));
        }
      }
      source.transact(forms).tempids().forEach((tempid, entity) -> items.add(entity));
    }
  }
}
