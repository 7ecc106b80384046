package com.fulcrologic.datomiccloudbackup.cli;

/** The schema of the demo's shop, and its changes over the years, in EDN. */
final class DemoSchema {
  static final String FIRST =
      """
      [{:db/ident :product/sku :db/valueType :db.type/string :db/cardinality :db.cardinality/one
        :db/unique :db.unique/identity}
       {:db/ident :product/title :db/valueType :db.type/string :db/cardinality :db.cardinality/one}
       {:db/ident :product/price :db/valueType :db.type/bigdec :db/cardinality :db.cardinality/one}
       {:db/ident :product/weight :db/valueType :db.type/double :db/cardinality :db.cardinality/one}
       {:db/ident :product/page :db/valueType :db.type/uri :db/cardinality :db.cardinality/one}
       {:db/ident :product/tags :db/valueType :db.type/keyword :db/cardinality :db.cardinality/many}
       {:db/ident :product/size :db/valueType :db.type/tuple :db/cardinality :db.cardinality/one
        :db/tupleType :db.type/long :db/doc "width, height and depth in mm"}
       {:db/ident :customer/id :db/valueType :db.type/uuid :db/cardinality :db.cardinality/one
        :db/unique :db.unique/identity}
       {:db/ident :customer/email :db/valueType :db.type/string :db/cardinality :db.cardinality/one
        :db/unique :db.unique/value}
       {:db/ident :customer/name :db/valueType :db.type/string :db/cardinality :db.cardinality/one}
       {:db/ident :customer/since :db/valueType :db.type/instant :db/cardinality :db.cardinality/one}
       {:db/ident :customer/newsletter :db/valueType :db.type/boolean
        :db/cardinality :db.cardinality/one}
       {:db/ident :customer/phone :db/valueType :db.type/string :db/cardinality :db.cardinality/one}
       {:db/ident :customer/visits :db/valueType :db.type/long :db/cardinality :db.cardinality/one
        :db/noHistory true}
       {:db/ident :order/number :db/valueType :db.type/long :db/cardinality :db.cardinality/one
        :db/unique :db.unique/identity}
       {:db/ident :order/customer :db/valueType :db.type/ref :db/cardinality :db.cardinality/one}
       {:db/ident :order/status :db/valueType :db.type/ref :db/cardinality :db.cardinality/one}
       {:db/ident :order/lines :db/valueType :db.type/ref :db/cardinality :db.cardinality/many
        :db/isComponent true}
       {:db/ident :order/customer+number :db/valueType :db.type/tuple
        :db/cardinality :db.cardinality/one :db/tupleAttrs [:order/customer :order/number]}
       {:db/ident :line/product :db/valueType :db.type/ref :db/cardinality :db.cardinality/one}
       {:db/ident :line/quantity :db/valueType :db.type/long :db/cardinality :db.cardinality/one}
       {:db/ident :line/price :db/valueType :db.type/bigdec :db/cardinality :db.cardinality/one}
       {:db/ident :audit/by :db/valueType :db.type/string :db/cardinality :db.cardinality/one
        :db/doc "on transactions: who did it"}
       {:db/ident :audit/reason :db/valueType :db.type/string :db/cardinality :db.cardinality/one
        :db/doc "on transactions: why"}]
      """;

  static final String STATUSES =
      """
      [{:db/ident :status/placed} {:db/ident :status/paid} {:db/ident :status/shipped}]
      """;

  /** An attribute gets another name; the old name keeps working. */
  static final String RENAMING =
      """
      [{:db/id :product/title :db/ident :product/name}]
      """;

  static final String ADDITION =
      """
      [{:db/ident :order/ledger :db/valueType :db.type/bigint :db/cardinality :db.cardinality/one}
       {:db/ident :product/supplier :db/valueType :db.type/tuple :db/cardinality :db.cardinality/one
        :db/tupleTypes [:db.type/ref :db.type/long :db.type/symbol]
        :db/doc "another product's entity, days to deliver, carrier"}
       {:db/ident :product/rating :db/valueType :db.type/float :db/cardinality :db.cardinality/one}]
      """;

  /** From one phone number to many. */
  static final String ALTERATION =
      """
      [{:db/id :customer/phone :db/cardinality :db.cardinality/many
        :db/doc "since people have several"}]
      """;

  private DemoSchema() {}
}
