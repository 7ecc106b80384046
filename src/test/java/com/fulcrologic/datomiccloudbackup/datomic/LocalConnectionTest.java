package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DatomicConnectionContract;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Datomic Local, in this process. */
class LocalConnectionTest extends DatomicConnectionContract {
  private static LocalSystem system;

  @BeforeAll
  static void start() {
    system = LocalSystem.inMemory();
  }

  /** In memory, Local hands out the very objects that it was given. */
  @Test
  void givesObjectsInMemoryTheirTypesOwnClass() {
    DatomicConnection connection = newDatabase();
    long millis = 1_600_000_000_123L;
    Map<Object, Object> expected =
        Map.of(
            Integer.valueOf(1),
            1L,
            Short.valueOf((short) 2),
            2L,
            new Timestamp(millis),
            new Date(millis),
            new java.sql.Date(millis + 1),
            new Date(millis + 1),
            new Time(millis + 2),
            new Date(millis + 2));
    expected.forEach(
        (given, own) -> {
          String type = own instanceof Long ? "long" : "instant";
          Keyword attribute = Keyword.intern("m", given.getClass().getSimpleName() + "-" + type);
          Object valueType = Keyword.intern("db.type", type);
          connection.transact(
              List.of(
                  RT.map(
                      Keyword.intern("db", "ident"), attribute,
                      Keyword.intern("db", "valueType"), valueType,
                      Keyword.intern("db", "cardinality"),
                          Keyword.intern("db.cardinality", "one"))));
          connection.transact(List.of(TxData.add("e", attribute, given)));
          try (Stream<Datom> datoms = connection.datoms(View.CURRENT, Index.AEVT, attribute)) {
            Object read = datoms.findFirst().orElseThrow().v();
            assertThat(read).isEqualTo(own).hasSameClassAs(own);
          }
        });
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("m", connection, BackupOptions.DEFAULTS);
    assertThat(cloning.verifyRestore("m", VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  @Override
  protected DatomicConnection newDatabase() {
    return system.newDatabase();
  }
}
