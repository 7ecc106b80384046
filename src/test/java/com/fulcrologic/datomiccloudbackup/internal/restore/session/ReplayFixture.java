package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.List;

/** A history of a few transactions, written out, that a restore has to bring about again. */
final class ReplayFixture {
  private final LocalSystem system = LocalSystem.inMemory();
  private final DatomicConnection source = system.newDatabase();

  /** An attribute's map; {@code more} as in {@code :db/isComponent true}. */
  static String attribute(String ident, String type, String more) {
    return "{:db/ident "
        + ident
        + " :db/valueType :db.type/"
        + type
        + " :db/cardinality :db.cardinality/one "
        + more
        + "}";
  }

  /** A composite's map. */
  static String composite(String ident, String components) {
    return attribute(ident, "tuple", ":db/tupleAttrs [" + components + "]");
  }

  ReplayFixture transact(String... forms) {
    for (String each : forms) {
      transact((List<?>) Edn.read(each));
    }
    return this;
  }

  ReplayFixture transact(List<?> forms) {
    source.transact(forms);
    return this;
  }

  /** How many datoms the last transaction has, so that a test sees that it is what it means. */
  long lastDatomCount() {
    try (var log =
        source.txRange(
            new com.fulcrologic.datomiccloudbackup.TxRange(source.basisT(), source.basisT() + 1))) {
      return log.findFirst().orElseThrow().datoms().size();
    }
  }

  /** Restored at once, and from segments of one transaction with nothing remembered. */
  void assertRestores() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup(source, 100)), target, OPTIONS);
    LogComparison.assertEqual(source, target);
    DatomicConnection other = system.newDatabase();
    restoreAll(
        new Restoring(backup(source, 1), 2, TransactionSteps.DATOM_COUNT_MAX), other, OPTIONS);
    LogComparison.assertEqual(source, other);
  }
}
