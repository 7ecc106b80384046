package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Writes three years of a small shop into an empty database, the same data each time: products
 * whose prices change, customers, orders with lines, cancellations, and notes on transactions. The
 * schema changes over the years. Mutable; for one thread.
 */
final class DemoShop {
  /** The fewest transactions that have room for every event of the shop. */
  static final int TRANSACTION_COUNT_MIN = 100;

  /** The product whose price changes seven times. */
  static final String STORY_SKU = "TEA-001";

  private static final Instant OPENING = Instant.parse("2021-03-01T08:00:00Z");
  private static final Duration YEARS = Duration.ofDays(3 * 365);
  private static final BigInteger LEDGER_BASE = BigInteger.TEN.pow(24);
  private static final int PRODUCT_COUNT_FIRST = 12;
  private static final int PRICE_CHANGE_COUNT = 7;
  private static final List<String> THINGS =
      List.of("Tea", "Coffee", "Honey", "Cup", "Kettle", "Biscuits", "Spoon", "Jam");
  private static final List<String> KINDS =
      List.of("black", "green", "mild", "strong", "blue", "small", "large", "wild");
  private static final List<String> CLERKS = List.of("mia", "noah", "olga");
  private static final List<String> REASONS_UP =
      List.of("harvest failed", "end of sale", "dearer supplier");
  private static final List<String> REASONS_DOWN =
      List.of("sale", "good harvest", "cheaper supplier");

  private final DatomicConnection connection;
  private final int transactionCount;
  private final Progress.Listener listener;
  private final SplittableRandom random = new SplittableRandom(20_210_301);
  private final List<String> skus = new ArrayList<>();
  private final Map<String, Integer> cents = new HashMap<>();
  private final List<UUID> customers = new ArrayList<>();
  private final List<Long> openOrders = new ArrayList<>();
  private String titleAttribute = "product/title";
  private long orderCount;
  private long datomCount;
  private int done;

  /**
   * @param transactionCount how many transactions to write; at least {@link #TRANSACTION_COUNT_MIN}
   */
  DemoShop(DatomicConnection connection, int transactionCount, Progress.Listener listener) {
    this.connection = connection;
    this.transactionCount = transactionCount;
    this.listener = listener;
  }

  /** Writes all transactions. */
  void open() {
    transact((List<?>) Edn.read(DemoSchema.FIRST));
    transact((List<?>) Edn.read(DemoSchema.STATUSES));
    while (done < transactionCount) {
      transact(next());
    }
  }

  int productCount() {
    return skus.size();
  }

  int customerCount() {
    return customers.size();
  }

  long orderCount() {
    return orderCount;
  }

  private List<?> next() {
    if (skus.size() < PRODUCT_COUNT_FIRST) {
      return newProduct();
    }
    if (customers.size() < 3) {
      return newCustomer();
    }
    if (done == transactionCount / 3) {
      titleAttribute = "product/name";
      return (List<?>) Edn.read(DemoSchema.RENAMING);
    }
    if (done == transactionCount / 2) {
      return (List<?>) Edn.read(DemoSchema.ADDITION);
    }
    if (done == transactionCount * 2 / 3) {
      return (List<?>) Edn.read(DemoSchema.ALTERATION);
    }
    if (done % (transactionCount / PRICE_CHANGE_COUNT) == 0) {
      return newPrice(STORY_SKU);
    }
    return somethingOrdinary(random.nextInt(100));
  }

  private List<?> somethingOrdinary(int dice) {
    if (dice < 40) {
      return newOrder();
    }
    if (dice < 65 && !openOrders.isEmpty()) {
      return orderGoesOn();
    }
    if (dice < 75) {
      return newCustomer();
    }
    if (dice < 84) {
      return newPrice(pick(skus.subList(1, skus.size())));
    }
    if (dice < 92) {
      return visit();
    }
    if (dice < 95) {
      return phone();
    }
    if (dice < 97) {
      return tag();
    }
    return dice < 98 ? newProduct() : note("stock was counted");
  }

  private List<?> newProduct() {
    String thing = pick(THINGS);
    String sku =
        skus.isEmpty()
            ? STORY_SKU
            : String.format(Locale.ROOT, "%.3S-%03d", thing, skus.size() + 1);
    skus.add(sku);
    cents.put(sku, random.nextInt(20, 400) * 10 + 9);
    List<Object> forms = new ArrayList<>();
    forms.add(
        entity(
            "db/id",
            "product",
            "product/sku",
            sku,
            titleAttribute,
            (skus.size() == 1 ? "Tea, black" : thing + ", " + pick(KINDS)),
            "product/price",
            price(sku),
            "product/weight",
            random.nextInt(5_000) / 1_000.0,
            "product/page",
            URI.create("https://shop.example/" + sku.toLowerCase(Locale.ROOT)),
            "product/tags",
            PersistentVector.create(List.of(key("tag/new"), key(tagName()))),
            "product/size",
            PersistentVector.create(List.of(side(), side(), side()))));
    if (isAfterAddition()) {
      forms.add(TxData.add("product", key("product/rating"), random.nextInt(50) / 10.0f));
      forms.add(
          TxData.add(
              "product",
              key("product/supplier"),
              PersistentVector.create(List.of("product", side(), Symbol.intern("post")))));
    }
    return forms;
  }

  private List<?> newCustomer() {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    customers.add(id);
    int number = customers.size();
    return List.of(
        entity(
            "customer/id",
            id,
            "customer/email",
            "customer" + number + "@shop.example",
            "customer/name",
            "Customer " + number,
            "customer/since",
            Date.from(now()),
            "customer/newsletter",
            random.nextBoolean(),
            "customer/visits",
            1L));
  }

  private List<?> newOrder() {
    long number = 10_000 + ++orderCount;
    openOrders.add(number);
    List<Object> lines = new ArrayList<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      String sku = pick(skus);
      lines.add(
          entity(
              "line/product", product(sku),
              "line/quantity", (long) random.nextInt(1, 9),
              "line/price", price(sku)));
    }
    List<Object> forms = new ArrayList<>();
    forms.add(
        entity(
            "db/id", "order",
            "order/number", number,
            "order/customer", customer(),
            "order/status", key("status/placed"),
            "order/lines", PersistentVector.create(lines)));
    if (isAfterAddition()) {
      BigInteger ledger = LEDGER_BASE.add(BigInteger.valueOf(number));
      forms.add(TxData.add("order", key("order/ledger"), BigInt.fromBigInteger(ledger)));
    }
    return forms;
  }

  /** An open order is paid, shipped, or cancelled with all its lines. */
  private List<?> orderGoesOn() {
    int index = random.nextInt(openOrders.size());
    Object order = TxData.lookupRef(key("order/number"), openOrders.get(index));
    int dice = random.nextInt(10);
    if (dice < 6) {
      return List.of(TxData.add(order, key("order/status"), key("status/paid")));
    }
    openOrders.remove(index);
    if (dice < 9) {
      return List.of(TxData.add(order, key("order/status"), key("status/shipped")));
    }
    List<Object> forms = new ArrayList<>(note("customer cancelled"));
    forms.add(PersistentVector.create(List.of(key("db/retractEntity"), order)));
    return forms;
  }

  private List<?> newPrice(String sku) {
    int before = cents.getOrDefault(sku, 0);
    boolean isUp = before < 100 || random.nextBoolean();
    int step = before / 100 * random.nextInt(5, 20) / 10 * 10 + 10;
    cents.put(sku, isUp ? before + step : before - step);
    List<Object> forms = new ArrayList<>(note(pick(isUp ? REASONS_UP : REASONS_DOWN)));
    forms.add(TxData.add(product(sku), key("product/price"), price(sku)));
    return forms;
  }

  private List<?> visit() {
    return List.of(TxData.add(customer(), key("customer/visits"), (long) random.nextInt(2, 1_000)));
  }

  private List<?> phone() {
    return List.of(
        TxData.add(
            customer(), key("customer/phone"), "+49 30 " + random.nextInt(100_000, 1_000_000)));
  }

  private List<?> tag() {
    return List.of(
        TxData.retract(product(pick(skus)), key("product/tags"), key("tag/new")),
        TxData.add(product(pick(skus)), key("product/tags"), key(tagName())));
  }

  /** A note on the transaction itself. */
  private List<Object> note(String reason) {
    return List.of(
        entity(
            "db/id", TxData.CURRENT_TRANSACTION, "audit/by", pick(CLERKS), "audit/reason", reason));
  }

  private void transact(List<?> forms) {
    List<Object> dated = new ArrayList<>(forms);
    dated.add(TxData.add(TxData.CURRENT_TRANSACTION, key("db/txInstant"), Date.from(now())));
    connection.transact(dated);
    datomCount += forms.size();
    done++;
    listener.progressed(
        new Progress(new TxRange(0, transactionCount), done, datomCount, done, transactionCount));
  }

  private Instant now() {
    return OPENING.plusSeconds(YEARS.toSeconds() * done / transactionCount);
  }

  private boolean isAfterAddition() {
    return done > transactionCount / 2;
  }

  private Object customer() {
    return TxData.lookupRef(key("customer/id"), pick(customers));
  }

  private static Object product(String sku) {
    return TxData.lookupRef(key("product/sku"), sku);
  }

  private BigDecimal price(String sku) {
    return BigDecimal.valueOf(cents.getOrDefault(sku, 0), 2);
  }

  private Long side() {
    return (long) random.nextInt(10, 500);
  }

  private String tagName() {
    return "tag/" + pick(KINDS);
  }

  private <T> T pick(List<T> elements) {
    return elements.get(random.nextInt(elements.size()));
  }

  private static Object entity(Object... namesAndValues) {
    Object[] entries = namesAndValues.clone();
    for (int i = 0; i < entries.length; i += 2) {
      entries[i] = key((String) entries[i]);
    }
    return PersistentArrayMap.createWithCheck(entries);
  }

  private static Keyword key(String name) {
    return Keyword.intern(name);
  }
}
