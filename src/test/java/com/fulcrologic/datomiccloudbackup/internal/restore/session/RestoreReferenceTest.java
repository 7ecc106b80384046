package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References to ids without datoms, from entities that are not a user's own. */
class RestoreReferenceTest {
  private static LocalSystem system;

  @BeforeAll
  static void openSystem() {
    system = LocalSystem.inMemory();
  }

  /** Found by random worlds: refused with schema-without-install, or with datoms-conflict. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[:db/add :w/ref :w/ref 3905465302309621]]",
        "[[:db/add :db.type/symbol :w/ref 3905465302309621]]",
        "[[:db/add :w/ref :w/refs [nil 3905465302309621]]]",
        "[[:db/add 13194139533313 :w/ref 17592186044434]]",
        "[[:db/add \"datomic.tx\" :w/ref 3905465302309621]]"
      })
  void aRawIdReferredToBySchemaOrATransaction(String forms) {
    DatomicConnection source = system.newDatabase();
    source.transact((List<?>) Edn.read("[[:db/add \"early\" :db/doc \"so that ids differ\"]]"));
    source.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :w/ref :db/valueType :db.type/ref :db/isComponent true"
                    + " :db/cardinality :db.cardinality/one}"
                    + " {:db/ident :w/refs :db/valueType :db.type/tuple"
                    + " :db/tupleType :db.type/ref :db/cardinality :db.cardinality/one}]"));
    source.transact((List<?>) Edn.read(forms));
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup(source, 10)), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** What stood for it in the target could not become a transaction. */
  @Test
  void refusesATransactionThatWasSpokenOfBeforeItCame() {
    DatomicConnection source = system.newDatabase();
    long spokenOf = source.basisT() + 2;
    source.transact(
        List.of(
            TxData.add(Transaction.entityId(spokenOf), Keyword.intern("db", "doc"), "to come")));
    source.transact(List.of());
    assertThat(source.basisT()).isEqualTo(spokenOf);
    assertThatThrownBy(
            () -> restoreAll(new Restoring(backup(source, 10)), system.newDatabase(), OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("t " + spokenOf + ": an earlier transaction mentions its id");
  }
}
