package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;
import java.util.stream.Stream;

/**
 * From a connection to a large target that another session has begun, to the first transaction that
 * a new session restores.
 */
final class ColdBenchmark {
  private static final int ROUND_COUNT = 5;
  private static final int ENTITIES_A_TRANSACTION = 220; // of wide, about
  private static final int LATER_TRANSACTION_COUNT = 20;

  private ColdBenchmark() {}

  static void run(List<String> arguments) {
    for (int entityCount : Sample.sizes(arguments, 100_000, 1_000_000)) {
      measure(entityCount);
    }
  }

  private static void measure(int entityCount) {
    int transactionCount = entityCount / ENTITIES_A_TRANSACTION;
    try (TemporaryDatabase source = TemporaryDatabase.create();
        TemporaryDatabase target = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill("wide", transactionCount);
      MemoryBackupStore store = new MemoryBackupStore();
      Cloning.with(store)
          .backup(
              "w",
              source.connection(),
              BackupOptions.DEFAULTS.withTransactionCountMax(LATER_TRANSACTION_COUNT));
      long lastT = source.connection().basisT();
      long standsAt = lastT - (ROUND_COUNT + 1) * LATER_TRANSACTION_COUNT;
      restore(store, target.connection(), standsAt);
      Sample millis = new Sample();
      Sample calls = new Sample();
      for (int round = 0; round < ROUND_COUNT; round++) {
        FirstTransaction first = new FirstTransaction(target.connection());
        restore(store, first, standsAt + (round + 1L) * LATER_TRANSACTION_COUNT);
        millis.add(first.millis);
        calls.add(first.callCount);
      }
      Sample.print("| entities | ms to the first transaction | calls");
      Sample.print("| %d | %s | %s", entityCount, millis.spread(), calls.spread());
      Sample.print(
          "RESULT name=cold entities=%d ratio=%.2f first_transaction_ms=%.0f calls=%.0f",
          entityCount, millis.median() / 2_000, millis.median(), calls.median());
    }
  }

  private static void restore(MemoryBackupStore store, DatomicConnection target, long untilT) {
    RestoreBenchmark.restore(store, target, RestoreOptions.DEFAULTS.until(untilT));
  }

  /** Notes when the first transact comes, and how much was asked before. */
  private static final class FirstTransaction extends Forwarding {
    private final long start = System.nanoTime();
    private double millis;
    private double callCount;
    private boolean there;

    FirstTransaction(DatomicConnection real) {
      super(real);
    }

    @Override
    public TransactionReport transact(List<?> txData) {
      TransactionReport report = super.transact(txData);
      if (!there) {
        there = true;
        millis = (System.nanoTime() - start) / 1e6;
      }
      return report;
    }

    @Override
    public Stream<Datom> datoms(View view, Index index, Object... components) {
      count();
      return super.datoms(view, index, components);
    }

    @Override
    public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
      count();
      return super.indexRange(attribute, start, end, countMax);
    }

    private void count() {
      callCount += there ? 0 : 1;
    }
  }
}
