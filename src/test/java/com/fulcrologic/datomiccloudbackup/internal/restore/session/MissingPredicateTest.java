package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.java.api.Clojure;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A predicate of the source is code, which is on no backup. */
class MissingPredicateTest {
  private static final String FUNCTION = "test.lost.predicates/fine?";

  private final LocalSystem system = LocalSystem.inMemory();
  private final DatomicConnection source = system.newDatabase();
  private StoredBackup backup;

  @BeforeEach
  void makeSourceAndLoseItsFunction() {
    define("(fn [value] (string? value))");
    transact(
        "[{:db/ident :p/name :db/valueType :db.type/string :db/cardinality :db.cardinality/one}]");
    transact("[[:db/add \"x\" :p/name \"before\"]]");
    transact("[[:db/add :p/name :db.attr/preds " + FUNCTION + "]]");
    transact("[[:db/add \"y\" :p/name \"after\"]]");
    backup = backup(source, 100);
    lose();
  }

  @AfterEach
  void lose() {
    Clojure.var("clojure.core", "remove-ns").invoke(Clojure.read("test.lost.predicates"));
  }

  @Test
  void namesTheFunctionThatIsMissing() {
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), system.newDatabase(), OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("t " + source.basisT() + " ")
        .hasMessageContaining("lacks one")
        .hasMessageContaining(FUNCTION);
  }

  @Test
  void namesAFunctionThatThinksOtherwise() {
    define("(fn [value] false)");
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), system.newDatabase(), OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("another version")
        .hasMessageContaining(FUNCTION);
  }

  @Test
  void goesOnWithoutThePredicates() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, OPTIONS.excluding(":db.attr/preds"));
    assertThat(Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS).isEqual()).isTrue();
  }

  private static void define(String function) {
    Object namespace = Clojure.read("test.lost.predicates");
    Clojure.var("clojure.core", "create-ns").invoke(namespace);
    Clojure.var("clojure.core", "intern")
        .invoke(
            namespace,
            Clojure.read("fine?"),
            Clojure.var("clojure.core", "eval").invoke(Clojure.read(function)));
  }

  private void transact(String forms) {
    source.transact((List<?>) Edn.read(forms));
  }
}
