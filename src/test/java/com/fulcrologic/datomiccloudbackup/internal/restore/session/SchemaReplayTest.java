package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.ReplayFixture.attribute;

import org.junit.jupiter.api.Test;

/** What is made among the schema must be made there again. */
class SchemaReplayTest {

  /** Idents are unique values, and one moves: yet the new attribute cannot be made before. */
  @Test
  void restoresANewAttributeBesideARename() {
    new ReplayFixture()
        .transact(
            "[[:db/add \"early\" :db/doc \"an entity before\"]]",
            "[" + attribute(":s/a", "string", "") + "]",
            "[[:db/add :s/a :db/ident :s/b]" + attribute(":s/c", "string", "") + "]",
            "[[:db/add \"x\" :s/c \"x\"] [:db/add \"x\" :s/b \"y\"]]")
        .assertRestores();
  }

  /** By its name as it was, it would be the other one. */
  @Test
  void restoresWhatIsSaidOfARenamedAttributeAfterAnotherOneTookItsName() {
    new ReplayFixture()
        .transact(
            "[[:db/add \"early\" :db/doc \"an entity before\"]]",
            "[" + attribute(":s/a", "string", "") + "]",
            "[[:db/add \"x\" :s/a \"x\"]]",
            "[[:db/add :s/a :db/ident :s/b]]",
            "[[:db/add \"x\" :s/a \"an old name that still resolves\"]]",
            "[" + attribute(":s/a", "string", "") + "]",
            "[[:db/add \"x\" :s/a \"new\"] [:db/add \"x\" :s/b \"old\"]]")
        .assertRestores();
  }

  /**
   * Datomic puts an entity that an attribute refers to as its component among the schema, and there
   * it may become an attribute later.
   */
  @Test
  void restoresAnAttributesComponentThatBecomesAnAttribute() {
    new ReplayFixture()
        .transact(
            "[[:db/add \"early\" :db/doc \"an entity before\"]]",
            "["
                + attribute(":s/part", "ref", ":db/isComponent true")
                + attribute(":s/id", "long", ":db/unique :db.unique/identity")
                + "]",
            "[[:db/add \"x\" :s/id 1] [:db/add :s/part :s/part \"x\"]]",
            "[{:db/id [:s/id 1] :db/ident :s/late :db/valueType :db.type/string"
                + " :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"y\" :s/late \"y\"]]")
        .assertRestores();
  }
}
