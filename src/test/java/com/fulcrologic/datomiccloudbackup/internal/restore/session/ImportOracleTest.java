package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.java.api.Clojure;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second opinion: Datomic's own {@code import-cloud} copies a log, too, with its ids as they are.
 * What it copies equals what is restored.
 */
class ImportOracleTest {
  @TempDir Path directory;

  @Test
  void restoresWhatDatomicsOwnImportCopies() {
    LocalSystem system = LocalSystem.in(directory);
    LocalSystem imported = LocalSystem.in(directory);
    check("sample", system, imported, SampleWorld::fill);
    for (long seed = 1; seed <= 3; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      check("world-" + seed, system, imported, source -> RandomWorld.fill(source, random));
    }
  }

  private interface Filling {
    void fill(DatomicConnection connection);
  }

  private static void check(
      String name, LocalSystem system, LocalSystem importedInto, Filling filling) {
    DatomicConnection source = system.database(name);
    filling.fill(source);
    DatomicConnection target = LocalSystem.inMemory().newDatabase();
    restoreAll(new Restoring(backup(source, 7)), target, OPTIONS);

    Clojure.var("clojure.core", "require").invoke(Clojure.read("datomic.local"));
    Clojure.var("datomic.local", "import-cloud")
        .invoke(
            Edn.read("{:source " + of(system, name) + " :dest " + of(importedInto, name) + "}"));
    DatomicConnection imported = importedInto.database(name);
    assertThat(imported.basisT()).isEqualTo(source.basisT());
    LogComparison.assertEqual(imported, target);
  }

  private static String of(LocalSystem system, String name) {
    return system.clientMap().replace("}", " :db-name " + Edn.write(name) + "}");
  }
}
