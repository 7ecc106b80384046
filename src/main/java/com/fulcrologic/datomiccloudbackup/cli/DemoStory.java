package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The prices of one product over the years, read from one log. */
final class DemoStory {
  private static final Keyword SKU = Keyword.intern("product", "sku");
  private static final Keyword PRICE = Keyword.intern("product", "price");
  private static final Keyword BY = Keyword.intern("audit", "by");
  private static final Keyword REASON = Keyword.intern("audit", "reason");

  private final long product;
  private final List<Chapter> chapters;

  private DemoStory(long product, List<Chapter> chapters) {
    this.product = product;
    this.chapters = chapters;
  }

  /** A price, and the transaction that asserts it. */
  private record Chapter(long t, Instant instant, String price, String note) {}

  /** Reads the story from the log of this database. */
  static DemoStory of(String sku, DatomicConnection shop) {
    long skuId = id(SKU, shop);
    long priceId = id(PRICE, shop);
    Notes notes = new Notes(id(BY, shop), id(REASON, shop));
    AtomicLong product = new AtomicLong(-1);
    List<Chapter> chapters = new ArrayList<>();
    try (Stream<Transaction> log = shop.txRange(new TxRange(0, shop.basisT() + 1))) {
      log.forEach(
          transaction -> {
            transaction.datoms().stream()
                .filter(datom -> datom.a() == skuId && datom.v().equals(sku))
                .forEach(datom -> product.set(datom.e()));
            transaction.datoms().stream()
                .filter(Datom::added)
                .filter(datom -> datom.e() == product.get() && datom.a() == priceId)
                .forEach(datom -> chapters.add(notes.chapter(transaction, datom)));
          });
    }
    return new DemoStory(product.get(), chapters);
  }

  private static long id(Keyword ident, DatomicConnection shop) {
    try (Stream<Datom> datoms = shop.datoms(View.CURRENT, Index.AVET, BuiltIns.IDENT, ident)) {
      return datoms.findFirst().orElseThrow().e();
    }
  }

  /** Reads the notes on transactions, by the ids of the attributes. */
  private record Notes(long byId, long reasonId) {
    Chapter chapter(Transaction transaction, Datom price) {
      String by = annotation(transaction, byId);
      return new Chapter(
          transaction.t(),
          instant(transaction),
          String.valueOf(price.v()),
          by.isEmpty() ? "first price" : by + ": " + annotation(transaction, reasonId));
    }

    private static String annotation(Transaction transaction, long attribute) {
      return transaction.datoms().stream()
          .filter(datom -> datom.e() == transaction.tx() && datom.a() == attribute)
          .map(datom -> String.valueOf(datom.v()))
          .findFirst()
          .orElse("");
    }

    private static Instant instant(Transaction transaction) {
      return transaction.datoms().stream()
          .filter(datom -> datom.e() == transaction.tx() && datom.v() instanceof Date)
          .map(datom -> ((Date) datom.v()).toInstant())
          .findFirst()
          .orElse(Instant.EPOCH);
    }
  }

  /** The lines of this story beside the same story from the restored log. */
  List<String> linesBeside(DemoStory restored) {
    List<String> lines = new ArrayList<>();
    lines.add("  entity id in the source " + product + ", in the target " + restored.product);
    lines.add(row("date", "price", "note", "source t", "target t"));
    for (int i = 0; i < Math.max(chapters.size(), restored.chapters.size()); i++) {
      Chapter ours = i < chapters.size() ? chapters.get(i) : null;
      Chapter theirs = i < restored.chapters.size() ? restored.chapters.get(i) : null;
      Chapter told = theirs == null ? ours : theirs;
      if (told != null) {
        lines.add(
            row(
                told.instant().toString(),
                told.price(),
                told.note(),
                ours == null ? "-" : Words.count(ours.t()),
                theirs == null ? "-" : Words.count(theirs.t())));
      }
    }
    return lines;
  }

  private static String row(
      String date, String price, String note, String sourceT, String targetT) {
    return String.format(
        Locale.ROOT, "  %-20s %7s  %-22s %9s %9s", date, price, note, sourceT, targetT);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("entity", Long.toString(product));
    json.put(
        "prices",
        chapters.stream()
            .map(
                chapter -> {
                  Map<String, Object> each = new LinkedHashMap<>();
                  each.put("t", chapter.t());
                  each.put("instant", chapter.instant());
                  each.put("price", chapter.price());
                  return each;
                })
            .toList());
    return json;
  }
}
