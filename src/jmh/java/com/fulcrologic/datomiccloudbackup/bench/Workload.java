package com.fulcrologic.datomiccloudbackup.bench;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fills a database, from a seed, through Datomic. Mutable; one thread. */
final class Workload {
  private static final long SEED = 7;
  private static final Keyword STATE = Keyword.intern("order", "state");
  static final String SCHEMA =
      "["
          + attribute("customer/id", "uuid", " :db/unique :db.unique/identity")
          + attribute("customer/name", "string", "")
          + attribute("customer/email", "string", "")
          + attribute("order/id", "uuid", " :db/unique :db.unique/identity")
          + attribute("order/customer", "ref", "")
          + attribute("order/state", "keyword", "")
          + attribute("order/placed", "instant", "")
          + many("order/line", " :db/isComponent true")
          + attribute("line/sku", "string", "")
          + attribute("line/count", "long", "")
          + attribute("line/price", "bigdec", "")
          + attribute("audit/user", "string", "")
          + "]";

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final DatomicConnection connection;
  private final List<Long> customers = new ArrayList<>();
  private final List<Long> orders = new ArrayList<>();
  private final List<@Nullable Keyword> states = new ArrayList<>(); // null where it was retracted
  private final Set<Integer> moved = new HashSet<>(); // in this transaction
  private final List<Object> forms = new ArrayList<>();
  private final List<String> newCustomers = new ArrayList<>();
  private final List<String> newOrders = new ArrayList<>();
  private long instantMillis = 1_600_000_000_000L;
  private int tempidCount;

  Workload(DatomicConnection connection) {
    this.connection = connection;
  }

  private static String attribute(String ident, String type, String more) {
    return "{:db/ident :"
        + ident
        + " :db/valueType :db.type/"
        + type
        + " :db/cardinality :db.cardinality/one"
        + more
        + "}";
  }

  private static String many(String ident, String more) {
    return "{:db/ident :"
        + ident
        + " :db/valueType :db.type/ref"
        + " :db/cardinality :db.cardinality/many"
        + more
        + "}";
  }

  /**
   * Fills the database.
   *
   * @param kind shop, wide or churn
   */
  void fill(String kind, int transactionCount) {
    connection.transact(
        List.of(
            TxData.add(
                TxData.CURRENT_TRANSACTION, Edn.read(":db/txInstant"), new Date(instantMillis)),
            ((List<?>) Edn.read(SCHEMA)).get(0)));
    List<Object> schema = new ArrayList<>((List<?>) Edn.read(SCHEMA));
    schema.add(
        TxData.add(
            TxData.CURRENT_TRANSACTION, Edn.read(":db/txInstant"), new Date(++instantMillis)));
    connection.transact(schema);
    for (int i = 0; i < transactionCount; i++) {
      begin();
      switch (kind) {
        case "shop" -> shop();
        case "wide" -> wide();
        case "churn" -> churn();
        default -> throw new IllegalArgumentException(kind);
      }
      commit();
    }
  }

  private void shop() {
    int dice = random.nextInt(100);
    if (customers.size() < 20 || dice < 15) {
      customer();
      customer();
      customer();
    } else if (orders.isEmpty() || dice < 70) {
      order(1 + random.nextInt(3));
    } else {
      for (int i = 0; i < 4; i++) {
        move(Math.max(0, orders.size() - 1 - random.nextInt(200)));
      }
    }
  }

  private void wide() {
    customer();
    if (customers.isEmpty()) {
      return;
    }
    while (forms.size() < 1_000) {
      order(1 + random.nextInt(3));
    }
  }

  /** Mostly changes of what is old. */
  private void churn() {
    if (orders.size() < 50 || random.nextInt(10) == 0) {
      customer();
      if (!customers.isEmpty()) {
        order(2);
      }
      return;
    }
    for (int i = 0; i < 5; i++) {
      int which = random.nextInt(orders.size());
      Keyword state = states.get(which);
      if (random.nextInt(3) == 0 && state != null && moved.add(which)) {
        forms.add(TxData.retract(orders.get(which), STATE, state));
        states.set(which, null);
      } else {
        move(which);
      }
    }
  }

  private void customer() {
    String id = tempid();
    newCustomers.add(id);
    add(id, "customer/id", new UUID(random.nextLong(), random.nextLong()));
    add(id, "customer/name", words());
    add(id, "customer/email", random.nextInt(100_000) + "@example.com");
  }

  private void order(int lineCount) {
    String id = tempid();
    newOrders.add(id);
    add(id, "order/id", new UUID(random.nextLong(), random.nextLong()));
    add(id, "order/customer", customers.get(random.nextInt(customers.size())));
    add(id, "order/state", Keyword.intern("state", "s0"));
    add(id, "order/placed", new Date(instantMillis - random.nextLong(5_000)));
    for (int i = 0; i < lineCount; i++) {
      String line = tempid();
      add(id, "order/line", line);
      add(line, "line/sku", "SKU-" + random.nextInt(10_000, 12_000));
      add(line, "line/count", (long) random.nextInt(1, 9));
      add(line, "line/price", BigDecimal.valueOf(random.nextInt(100, 20_000), 2));
    }
  }

  private void move(int which) {
    Keyword next = Keyword.intern("state", "s" + random.nextInt(100_000));
    if (moved.add(which)) {
      states.set(which, next);
      add(orders.get(which), "order/state", next);
    }
  }

  private void begin() {
    instantMillis += random.nextLong(1, 90_000);
    moved.clear();
    forms.clear();
    add(TxData.CURRENT_TRANSACTION, "db/txInstant", new Date(instantMillis));
    add(TxData.CURRENT_TRANSACTION, "audit/user", "user-" + random.nextInt(12));
  }

  private void commit() {
    var ids = connection.transact(forms).tempids();
    newCustomers.forEach(id -> customers.add(ids.get(id)));
    newOrders.forEach(
        id -> {
          orders.add(ids.get(id));
          states.add(Keyword.intern("state", "s0"));
        });
    newCustomers.clear();
    newOrders.clear();
  }

  private void add(Object entity, String attribute, Object value) {
    forms.add(TxData.add(entity, Edn.keyword(":" + attribute), value));
  }

  private String tempid() {
    return "n" + tempidCount++;
  }

  private String words() {
    return "name-" + Long.toString(random.nextLong(1L << 40), 36);
  }
}
