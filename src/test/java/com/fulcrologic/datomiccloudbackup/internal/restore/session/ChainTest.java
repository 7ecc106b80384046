package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restored database is a source like any other. */
class ChainTest {

  /**
   * Small segments and small transactions: the first restore leaves plenty of bookkeeping behind.
   */
  @ParameterizedTest
  @ValueSource(ints = {6, 100_000})
  void restoresARestoredDatabaseWithoutItsBookkeeping(int datomCountMax) {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    DatomicConnection first = system.newDatabase();
    restoreAll(new Restoring(backup(source, 10), IdMap.SIZE_MAX, datomCountMax), first, OPTIONS);
    DatomicConnection second = system.newDatabase();
    restoreAll(new Restoring(backup(first, 10)), second, OPTIONS);

    LogComparison.assertEqual(first, second);
    assertThat(originalIds(second))
        .as("original-id means the direct source's id")
        .contains(entityNamed(first, "one"), entityNamed(first, "took the address"));
    assertThat(historyOf(second, Bookkeeping.SOURCE_T)).hasSize((int) first.basisT() + 1);
  }

  private static List<Object> originalIds(DatomicConnection connection) {
    return historyOf(connection, Bookkeeping.ORIGINAL_ID).stream().map(Datom::v).toList();
  }

  private static Object entityNamed(DatomicConnection connection, String name) {
    return historyOf(connection, Keyword.intern("w", "name")).stream()
        .filter(datom -> datom.v().equals(name))
        .findFirst()
        .orElseThrow()
        .e();
  }

  private static List<Datom> historyOf(DatomicConnection connection, Keyword attribute) {
    try (Stream<Datom> datoms =
        connection.datoms(View.CURRENT.withHistory(), Index.AEVT, attribute)) {
      return datoms.toList();
    }
  }
}
