package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users say of Datomic's own entities is replayed: a sweep found what Datomic accepts. */
class BuiltInWordsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[:db/add :db.part/user :db/txInstant #inst \"2001-01-01\"]",
        "[:db/add :db/doc :fressian/tag :x]",
        "[:db/add :db/ensure :db/fulltext false]",
        "[:db/add :db.part/db :db/system-tx :my/kw]",
        "[:db/add :db.type/string :db/system-tx :my/kw]",
        "[:db/add :db.type/string :db/system-tx :db.type/long]",
        "[:db/add :fressian/tag :db.attr/preds clojure.core/keyword?]",
        "[:db/add :db.part/db :db.install/partition 38]",
        "[:db/add :db/ensure :db/doc \"mine\"]",
        "[:db/add :db/ensure :db.entity/attrs :my/kw]",
        "[:db/add :db/ensure :db.entity/preds clojure.core/map?]",
        "[:db/add :db/doc :db/noHistory true]",
        "[:db/add :db/txInstant :db/noHistory true]",
        "[:db/add :db.install/partition :db/isComponent true]",
      })
  void replaysAWord(String word) {
    new ReplayFixture()
        .transact(
            "[{:db/ident :my/kw}]",
            "[{:db/doc \"before\"}]",
            "[" + word + "]",
            "[{:db/doc \"after\"}]")
        .assertRestores();
  }

  @Test
  void replaysSeveralWordsOfOneAttributeThatHasMany() {
    new ReplayFixture()
        .transact(
            "[{:db/ident :my/a} {:db/ident :my/b}]",
            "[[:db/add :db.part/db :db/system-tx :my/a] [:db/add :db.part/db :db/system-tx :my/b]]",
            "[{:db/doc \"after\"}]")
        .assertRestores();
  }

  @Test
  void replaysAValueTypeThatNobodyUses() {
    new ReplayFixture()
        .transact(
            "[{:db/id \"t\" :db/ident :my/money :fressian/tag :money}"
                + " [:db/add :db.part/db :db.install/valueType \"t\"]]",
            "[{:db/doc \"after\"}]")
        .assertRestores();
  }

  /** Its tag says of which class its values are. */
  @Test
  void replaysAValueTypeAndItsValues() {
    new ReplayFixture()
        .transact(
            "[{:db/id \"t\" :db/ident :my/text :fressian/tag :string}"
                + " {:db/id \"n\" :db/ident :my/number :fressian/tag :int}"
                + " {:db/id \"d\" :db/ident :my/date :fressian/tag :inst}"
                + " [:db/add :db.part/db :db.install/valueType \"t\"]"
                + " [:db/add :db.part/db :db.install/valueType \"n\"]"
                + " [:db/add :db.part/db :db.install/valueType \"d\"]]",
            "[{:db/ident :v/text :db/valueType :my/text :db/cardinality :db.cardinality/one}"
                + " {:db/ident :v/number :db/valueType :my/number"
                + "  :db/cardinality :db.cardinality/many}"
                + " {:db/ident :v/date :db/valueType :my/date :db/cardinality :db.cardinality/one}]",
            "[{:db/id \"x\" :v/text \"one\" :v/number [1 2] :v/date #inst \"1960-01-01\"}]")
        .transact(
            List.of(
                TxData.add("x", Keyword.intern("v", "text"), "two"),
                TxData.add("x", Keyword.intern("v", "number"), 13194139533312L)))
        .assertRestores();
  }

  @Test
  void replaysAValueTypeThatIsRenamed() {
    new ReplayFixture()
        .transact(
            "[{:db/id \"t\" :db/ident :my/money :fressian/tag :string}"
                + " [:db/add :db.part/db :db.install/valueType \"t\"]]",
            "[{:db/ident :v/price :db/valueType :my/money :db/cardinality :db.cardinality/one}]",
            "[[:db/add :my/money :db/ident :my/amount]]",
            "[{:db/ident :v/sum :db/valueType :my/amount :db/cardinality :db.cardinality/one}]",
            "[{:v/price \"1\" :v/sum \"2\"}]")
        .assertRestores();
  }
}
