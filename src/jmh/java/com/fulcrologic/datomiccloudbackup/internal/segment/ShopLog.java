package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The log of a shop, made from a seed, with ids as Datomic gives them: new customers, orders with
 * lines, changes of their state, each transaction annotated with who did it and why.
 */
@SuppressWarnings("JavaUtilDate") // the class that Datomic uses
final class ShopLog {
  private static final long TX_INSTANT = 50;
  private static final int ATTRIBUTE = 72;
  private static final String[] WORDS = {
    "amber", "birch", "copper", "denim", "ember", "flint", "granite", "hazel", "indigo", "jasper",
    "kettle", "linen", "maple", "nickel", "olive", "pewter", "quartz", "russet", "slate", "teak"
  };
  private static final Keyword[] STATES = {
    Keyword.intern("order.state", "placed"),
    Keyword.intern("order.state", "paid"),
    Keyword.intern("order.state", "packed"),
    Keyword.intern("order.state", "shipped"),
    Keyword.intern("order.state", "delivered")
  };

  private final SplittableRandom random;
  private final List<Transaction> transactions = new ArrayList<>();
  private final List<Long> customers = new ArrayList<>();
  private final List<Long> orders = new ArrayList<>();
  private final List<Integer> orderStates = new ArrayList<>();
  private List<Datom> datoms = new ArrayList<>();
  private long nextIndex = 90;
  private long instantMillis = 1_600_000_000_000L;
  private long t;
  private long tx;
  private long partition;

  private ShopLog(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** At least this many datoms, from t 6 on. */
  static List<Transaction> make(long seed, int datomCount) {
    ShopLog shop = new ShopLog(seed);
    shop.t = 5;
    for (int count = 0; count < datomCount; count += shop.datoms.size()) {
      shop.transact();
    }
    return shop.transactions;
  }

  private void transact() {
    begin();
    int dice = random.nextInt(100);
    if (customers.size() < 20 || dice < 15) {
      addCustomer();
      addCustomer();
    } else if (orders.isEmpty() || dice < 65) {
      addOrder();
    } else {
      for (int i = 0; i < 4; i++) {
        moveOrder();
      }
    }
    transactions.add(new Transaction(t, tx, datoms));
  }

  private void begin() {
    t++;
    tx = Transaction.entityId(t);
    partition = 17 + random.nextLong(7);
    nextIndex = Math.max(nextIndex, t);
    instantMillis += random.nextLong(1, 90_000);
    datoms = new ArrayList<>();
    add(tx, 0, new Date(instantMillis));
    add(tx, 1, "user-" + random.nextInt(12));
    if (random.nextInt(3) == 0) {
      add(tx, 2, words(4));
    }
  }

  private void addCustomer() {
    long customer = newEntity();
    String name = words(2);
    add(customer, 3, uuid());
    add(customer, 4, name);
    add(customer, 5, name.replace(' ', '.') + random.nextInt(1000) + "@example.com");
    add(customer, 6, random.nextInt(1, 200) + " " + words(1) + " street");
    add(customer, 7, random.nextInt(10) == 0);
    customers.add(customer);
  }

  private void addOrder() {
    long order = newEntity();
    add(order, 8, uuid());
    add(order, 9, customers.get(random.nextInt(customers.size())));
    add(order, 10, STATES[0]);
    add(order, 11, new Date(instantMillis - random.nextLong(5000)));
    int lineCount = random.nextInt(1, 4);
    for (int i = 0; i < lineCount; i++) {
      long line = newEntity();
      add(order, 12, line);
      add(line, 13, "SKU-" + random.nextInt(10_000, 12_000));
      add(line, 14, (long) random.nextInt(1, 9));
      add(line, 15, BigDecimal.valueOf(random.nextInt(100, 20_000), 2));
    }
    orders.add(order);
    orderStates.add(0);
  }

  private void moveOrder() {
    int which = Math.max(0, orders.size() - 1 - random.nextInt(200));
    int state = orderStates.get(which);
    if (state + 1 < STATES.length) {
      add(orders.get(which), 10, STATES[state + 1]);
      datoms.add(new Datom(orders.get(which), ATTRIBUTE + 10, STATES[state], tx, false));
      add(orders.get(which), 16, random.nextDouble());
      orderStates.set(which, state + 1);
    }
  }

  private void add(long e, int attribute, Object v) {
    datoms.add(new Datom(e, attribute == 0 ? TX_INSTANT : ATTRIBUTE + attribute, v, tx, true));
  }

  private long newEntity() {
    return partition << 42 | ++nextIndex;
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private String words(int count) {
    StringBuilder words = new StringBuilder(WORDS[random.nextInt(WORDS.length)]);
    for (int i = 1; i < count; i++) {
      words.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return words.toString();
  }
}
