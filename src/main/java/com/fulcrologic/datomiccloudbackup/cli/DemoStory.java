package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The prices of one product over the years, read from the history of one database. */
record DemoStory(long product, List<Chapter> chapters) {
  private static final Keyword SKU = Keyword.intern("product", "sku");
  private static final Keyword PRICE = Keyword.intern("product", "price");
  private static final Keyword BY = Keyword.intern("audit", "by");
  private static final Keyword REASON = Keyword.intern("audit", "reason");

  /** A price, and the transaction that asserts it. */
  record Chapter(long t, Instant instant, String price, String note) {
    private Map<String, Object> toJson() {
      return Json.object("t", t, "instant", instant, "price", price);
    }
  }

  static DemoStory of(String sku, DatomicConnection shop) {
    long product = datoms(shop, View.CURRENT, Index.AVET, SKU, sku).get(0).e();
    List<Chapter> chapters =
        datoms(shop, View.CURRENT.withHistory(), Index.EAVT, product, PRICE).stream()
            .filter(Datom::added)
            .sorted(Comparator.comparingLong(Datom::tx))
            .map(price -> chapter(price, shop))
            .toList();
    return new DemoStory(product, chapters);
  }

  private static Chapter chapter(Datom price, DatomicConnection shop) {
    String by = annotation(price.tx(), BY, shop);
    return new Chapter(
        price.tx() - Transaction.entityId(0),
        TransactionDates.of(shop, price.tx()),
        String.valueOf(price.v()),
        by.isEmpty() ? "first price" : by + ": " + annotation(price.tx(), REASON, shop));
  }

  private static String annotation(long tx, Keyword attribute, DatomicConnection shop) {
    return datoms(shop, View.CURRENT, Index.EAVT, tx, attribute).stream()
        .map(datom -> String.valueOf(datom.v()))
        .findFirst()
        .orElse("");
  }

  private static List<Datom> datoms(
      DatomicConnection shop, View view, Index index, Object... components) {
    try (Stream<Datom> datoms = shop.datoms(view, index, components)) {
      return datoms.toList();
    }
  }

  /** The lines of this story beside the same story from the restored database. */
  List<String> linesBeside(DemoStory restored) {
    List<String> lines = new ArrayList<>();
    lines.add("  entity id in the source " + product + ", in the target " + restored.product);
    lines.add(row("date", "price", "note", "source t", "target t"));
    for (int i = 0; i < Math.max(chapters.size(), restored.chapters.size()); i++) {
      Chapter told = (i < restored.chapters.size() ? restored : this).chapters.get(i);
      lines.add(row(told.instant(), told.price(), told.note(), t(i), restored.t(i)));
    }
    return lines;
  }

  private String t(int chapter) {
    return chapter < chapters.size() ? Words.count(chapters.get(chapter).t()) : "-";
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "  %-20s %7s  %-22s %9s %9s", cells);
  }

  Map<String, Object> toJson() {
    return Json.object(
        "entity", Long.toString(product),
        "prices", chapters.stream().map(Chapter::toJson).toList());
  }
}
