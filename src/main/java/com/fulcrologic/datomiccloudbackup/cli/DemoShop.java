package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

  private static final Map<?, ?> SCHEMA = schema();
  private static final Instant OPENING = Instant.parse("2021-03-01T08:00:00Z");
  private static final Duration YEARS = Duration.ofDays(3 * 365);
  private static final BigInteger LEDGER_BASE = BigInteger.TEN.pow(24);
  private static final Keyword PAGE = Keyword.intern("product", "page");
  private static final Keyword RATING = Keyword.intern("product", "rating");
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
  private final List<Object> forms = new ArrayList<>(); // of the next transaction
  private String titleAttribute = "product/title";
  private long orderCount;
  private long datomCount;
  private int done;

  private DemoShop(DatomicConnection connection, int transactionCount, Progress.Listener listener) {
    this.connection = connection;
    this.transactionCount = transactionCount;
    this.listener = listener;
  }

  /** Writes all transactions, of which there are {@link #TRANSACTION_COUNT_MIN} at least. */
  static DemoShop open(
      DatomicConnection connection, int transactionCount, Progress.Listener listener) {
    DemoShop shop = new DemoShop(connection, transactionCount, listener);
    shop.change("first");
    shop.transact();
    shop.change("statuses");
    shop.transact();
    while (shop.done < transactionCount) {
      shop.next();
      shop.transact();
    }
    return shop;
  }

  /** As in {@code 12 products, 34 customers, 567 orders}. */
  String contents() {
    return "%s, %s, %s"
        .formatted(
            Words.counted(skus.size(), "product"),
            Words.counted(customers.size(), "customer"),
            Words.counted(orderCount, "order"));
  }

  private void next() {
    if (skus.size() < PRODUCT_COUNT_FIRST) {
      newProduct();
    } else if (customers.size() < 3) {
      newCustomer();
    } else if (done == transactionCount / 3) {
      titleAttribute = "product/name";
      change("renaming");
    } else if (done == transactionCount / 2) {
      change("addition");
    } else if (done == transactionCount * 2 / 3) {
      change("alteration");
    } else if (done % (transactionCount / PRICE_CHANGE_COUNT) == 0) {
      newPrice(STORY_SKU);
    } else {
      somethingOrdinary(random.nextInt(100));
    }
  }

  private void somethingOrdinary(int dice) {
    if (dice < 40) {
      newOrder();
    } else if (dice < 65 && !openOrders.isEmpty()) {
      orderGoesOn();
    } else if (dice < 75) {
      newCustomer();
    } else if (dice < 84) {
      newPrice(pick(skus.subList(1, skus.size())));
    } else if (dice < 92) {
      write("[[:db/add %s :customer/visits %s]]".formatted(customer(), random.nextInt(2, 1_000)));
    } else if (dice < 95) {
      newPhone();
    } else if (dice < 97) {
      newTag();
    } else if (dice < 98) {
      newProduct();
    } else {
      note("stock was counted");
    }
  }

  private void newProduct() {
    String thing = pick(THINGS);
    String sku =
        skus.isEmpty()
            ? STORY_SKU
            : String.format(Locale.ROOT, "%.3S-%03d", thing, skus.size() + 1);
    skus.add(sku);
    cents.put(sku, random.nextInt(20, 400) * 10 + 9);
    String title = skus.size() == 1 ? "Tea, black" : thing + ", " + pick(KINDS);
    write(
        """
        [{:db/id "product" :product/sku "%s" :%s "%s" :product/price %s :product/weight %s
          :product/tags [:tag/new %s] :product/size [%s %s %s]}]
        """
            .formatted(
                sku,
                titleAttribute,
                title,
                price(sku),
                random.nextInt(5_000) / 1_000.0,
                tag(),
                side(),
                side(),
                side()));
    URI page = URI.create("https://shop.example/" + sku.toLowerCase(Locale.ROOT));
    forms.add(TxData.add("product", PAGE, page));
    if (isAfterAddition()) {
      forms.add(TxData.add("product", RATING, random.nextInt(50) / 10.0f));
      write("[[:db/add \"product\" :product/supplier [\"product\" %s post]]]".formatted(side()));
    }
  }

  private void newCustomer() {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    customers.add(id);
    write(
        """
        [{:customer/id #uuid "%s" :customer/email "customer%s@shop.example"
          :customer/name "Customer %2$s" :customer/since #inst "%3$s" :customer/newsletter %4$s
          :customer/visits 1}]
        """
            .formatted(id, customers.size(), now(), random.nextBoolean()));
  }

  private void newOrder() {
    long number = 10_000 + ++orderCount;
    openOrders.add(number);
    StringBuilder lines = new StringBuilder();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      String sku = pick(skus);
      lines.append(
          "{:line/product %s :line/quantity %s :line/price %s}"
              .formatted(product(sku), random.nextInt(1, 9), price(sku)));
    }
    write(
        """
        [{:db/id "order" :order/number %s :order/customer %s :order/status :status/placed
          :order/lines [%s]}]
        """
            .formatted(number, customer(), lines));
    if (isAfterAddition()) {
      BigInteger ledger = LEDGER_BASE.add(BigInteger.valueOf(number));
      write("[[:db/add \"order\" :order/ledger %sN]]".formatted(ledger));
    }
  }

  /** An open order is paid, shipped, or cancelled with all its lines. */
  private void orderGoesOn() {
    int index = random.nextInt(openOrders.size());
    String order = "[:order/number " + openOrders.get(index) + "]";
    int dice = random.nextInt(10);
    if (dice < 6) {
      write("[[:db/add %s :order/status :status/paid]]".formatted(order));
      return;
    }
    openOrders.remove(index);
    if (dice < 9) {
      write("[[:db/add %s :order/status :status/shipped]]".formatted(order));
    } else {
      note("customer cancelled");
      write("[[:db/retractEntity %s]]".formatted(order));
    }
  }

  private void newPrice(String sku) {
    int before = cents.getOrDefault(sku, 0);
    boolean isUp = before < 100 || random.nextBoolean();
    int step = before / 100 * random.nextInt(5, 20) / 10 * 10 + 10;
    cents.put(sku, isUp ? before + step : before - step);
    note(pick(isUp ? REASONS_UP : REASONS_DOWN));
    write("[[:db/add %s :product/price %s]]".formatted(product(sku), price(sku)));
  }

  private void newPhone() {
    write(
        "[[:db/add %s :customer/phone \"+49 30 %s\"]]"
            .formatted(customer(), random.nextInt(100_000, 1_000_000)));
  }

  private void newTag() {
    write(
        "[[:db/retract %s :product/tags :tag/new] [:db/add %s :product/tags %s]]"
            .formatted(product(pick(skus)), product(pick(skus)), tag()));
  }

  private void note(String reason) {
    write(
        "[{:db/id \"datomic.tx\" :audit/by \"%s\" :audit/reason \"%s\"}]"
            .formatted(pick(CLERKS), reason));
  }

  /** Adds a part of the schema to the next transaction. */
  private void change(String part) {
    forms.addAll((List<?>) Objects.requireNonNull(SCHEMA.get(Keyword.intern(part))));
  }

  private static Map<?, ?> schema() {
    try (InputStream in = DemoShop.class.getResourceAsStream("demo-schema.edn")) {
      byte[] edn = Objects.requireNonNull(in).readAllBytes();
      return (Map<?, ?>) Edn.read(new String(edn, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Adds forms to the next transaction. */
  private void write(String edn) {
    forms.addAll((List<?>) Edn.read(edn));
  }

  private void transact() {
    write("[[:db/add \"datomic.tx\" :db/txInstant #inst \"%s\"]]".formatted(now()));
    connection.transact(List.copyOf(forms));
    datomCount += forms.size();
    forms.clear();
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

  private String customer() {
    return "[:customer/id #uuid \"" + pick(customers) + "\"]";
  }

  private static String product(String sku) {
    return "[:product/sku \"" + sku + "\"]";
  }

  private String price(String sku) {
    return BigDecimal.valueOf(cents.getOrDefault(sku, 0), 2) + "M";
  }

  private int side() {
    return random.nextInt(10, 500);
  }

  private String tag() {
    return ":tag/" + pick(KINDS);
  }

  private <T> T pick(List<T> elements) {
    return elements.get(random.nextInt(elements.size()));
  }
}
