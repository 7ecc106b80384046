package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies on the command line, and backups that leave an attribute out. */
class CopyBackupCommandTest {
  private static final String CANARY = "c4n4ry";

  @TempDir private static Path directory;
  private static LocalSystem system = LocalSystem.inMemory();
  private static int storeNumber;

  private String store = "";
  private Path place = Path.of("");

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.in(directory.resolve("databases"));
    DatomicConnection source = system.database("world");
    for (String edn :
        List.of(
            "[{:db/ident :p/mail :db/valueType :db.type/string :db/cardinality"
                + " :db.cardinality/one} {:db/ident :p/age :db/valueType :db.type/long"
                + " :db/cardinality :db.cardinality/one}]",
            "[{:p/mail \"" + CANARY + "@example.com\" :p/age 7}]",
            "[{:p/mail \"b@example.com\" :p/age 8}]")) {
      source.transact((List<?>) Edn.read(edn));
    }
  }

  @BeforeEach
  void backUp() {
    place = directory.resolve("store-" + storeNumber++);
    store = StoreUris.of(place);
    succeeding(backup());
  }

  private String[] backup(String... more) {
    return with(more, "backup", "--source", system.clientMap(), "--db", "world", "--store", store);
  }

  private String[] copy(String... more) {
    return with(more, "copy-backup", "--store", store, "--name", "world");
  }

  private static String[] with(String[] more, String... first) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void forgetsByValueAndProvesTheRest() throws IOException {
    String[] forgetting = {"--to-name", "less", "--erase", ":p/mail=" + CANARY + "@example.com"};
    CommandRun run = succeeding(copy(forgetting));
    assertThat(run.out()).contains("1 entity is erased", "left out: 2 datoms");
    Map<String, Object> json = succeeding(copy(with(new String[] {"--json"}, forgetting))).json();
    assertThat(json)
        .containsEntry("toName", "less")
        .containsEntry("segments", List.of())
        .containsEntry("alreadyStored", 1L);
    String[] proof = {
      "verify", "--source", system.clientMap(), "--db", "world", "--store", store, "--name", "less"
    };
    CommandRun proved = succeeding(proof);
    assertThat(proved.out()).contains("1 entity is erased", "equal");
    assertThat((List<?>) succeeding(with(new String[] {"--json"}, proof)).json().get("redactions"))
        .hasSize(1);
    for (String said : List.of(run.out(), run.err(), proved.out(), proved.err(), json.toString())) {
      assertThat(said).doesNotContain(CANARY);
    }
    failing(2, copy("--to-name", "less"));
    succeeding(
        "backup",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--store",
        store,
        "--name",
        "less");
    succeeding("check", "--store", store, "--name", "less", "--level", "decode");
  }

  @Test
  void readsIdsFromAFileAndSaysNoValueInAnyFailure() throws IOException {
    Path ids = directory.resolve("ids-" + storeNumber);
    for (String[] wrong :
        List.of(
            copy(),
            copy("--to-name", "world"),
            copy("--to-name", "less", "--erase", CANARY),
            copy("--to-name", "less", "--erase", CANARY + "=1"),
            copy("--to-name", "less", "--erase", ":p/mail=" + CANARY),
            copy("--to-name", "less", "--erase", ":p/age=" + CANARY),
            copy("--to-name", "less", "--erase-entity", CANARY),
            copy("--to-name", "less", "--erase-entity", "17592186099999"),
            copy("--to-name", "less", "--erase-file", directory.resolve("none").toString()),
            copy("--to-name", "less", "--exclude", ":p/none"),
            copy("--to-name", "less", "--to-plain", "--to-keys", "x"),
            backup("--follow", "--exclude", ":p/mail"),
            backup("--exclude", ":p/mail"))) {
      CommandRun run = failing(2, wrong);
      assertThat(run.err()).doesNotContain(CANARY);
    }
    long first = entity("b@example.com");
    Files.writeString(ids, first + "\r\n\n" + entity(CANARY + "@example.com"));
    assertThat(succeeding(copy("--to-name", "less", "--erase-file", ids.toString())).out())
        .contains("2 entities are erased");
    Files.writeString(ids, first + "\n" + CANARY);
    assertThat(failing(2, copy("--to-name", "more", "--erase-file", ids.toString())).err())
        .contains("after 1 ids")
        .doesNotContain(CANARY);
    failing(10, "copy-backup", "--store", store, "--name", "none", "--to-name", "less");
  }

  private static long entity(String mail) {
    DatomicConnection source = system.database("world");
    try (Stream<Datom> found =
        source.datoms(View.CURRENT, Index.AEVT, Keyword.intern("p", "mail"))) {
      return found.filter(datom -> datom.v().equals(mail)).findFirst().orElseThrow().e();
    }
  }

  @Test
  void aCopyIsSealedAsTheBackupIsUnlessToldOtherwise() {
    String keys = directory.resolve("keys-" + storeNumber).toString();
    String others = directory.resolve("others-" + storeNumber).toString();
    succeeding("keys", "new", keys);
    succeeding("keys", "new", others);
    String sealed = StoreUris.of(directory.resolve("sealed-" + storeNumber));
    succeeding(copy("--to-store", sealed, "--to-keys", keys));
    failing(28, "segments", "--store", sealed, "--name", "world");
    String[] opened = {"copy-backup", "--store", sealed, "--name", "world", "--keys", keys};
    succeeding(with(new String[] {"--to-name", "same"}, opened));
    failing(28, "segments", "--store", sealed, "--name", "same");
    succeeding("segments", "--store", sealed, "--name", "same", "--keys", keys);
    succeeding(with(new String[] {"--to-name", "other", "--to-keys", others}, opened));
    failing(28, "segments", "--store", sealed, "--name", "other", "--keys", keys);
    succeeding("segments", "--store", sealed, "--name", "other", "--keys", others);
    succeeding(with(new String[] {"--to-name", "plain", "--to-plain"}, opened));
    succeeding("segments", "--store", sealed, "--name", "plain");
  }

  @Test
  void anExcludedAttributeIsRecorded() {
    String[] kept = {"--name", "kept", "--exclude", ":p/mail"};
    succeeding(backup(kept));
    succeeding(backup(kept));
    succeeding(backup("--name", "kept"));
    assertThat(failing(2, backup("--name", "kept", "--exclude", ":p/age")).err())
        .contains("it leaves out [:p/mail]");
    assertThat(
            succeeding(
                    "verify",
                    "--source",
                    system.clientMap(),
                    "--db",
                    "world",
                    "--store",
                    store,
                    "--name",
                    "kept")
                .out())
        .contains(":p/mail is left out");
  }
}
