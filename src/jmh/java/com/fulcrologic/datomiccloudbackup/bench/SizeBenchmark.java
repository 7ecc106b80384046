package com.fulcrologic.datomiccloudbackup.bench;

import com.cognitect.transit.TransitFactory;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** What a datom takes in a store, against the same log as EDN, as EDN in gzip and as transit. */
final class SizeBenchmark {
  private SizeBenchmark() {}

  static void run(List<String> arguments) throws IOException {
    Sample.print("| workload | segment | EDN, gzip | transit JSON | EDN (bytes a datom)");
    for (String each :
        arguments.isEmpty() ? List.of("shop:5000", "wide:100", "churn:5000") : arguments) {
      String[] parts = each.split(":", -1);
      measure(parts[0], Integer.parseInt(parts[1]));
    }
  }

  private static void measure(String kind, int transactionCount) throws IOException {
    try (TemporaryDatabase source = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill(kind, transactionCount);
      MemoryBackupStore store = new MemoryBackupStore();
      double datomCount =
          Cloning.with(store).backup("w", source.connection(), BackupOptions.DEFAULTS).datomCount();
      double size;
      try (Stream<StoredObject> objects = store.list("", "")) {
        size = objects.mapToLong(StoredObject::size).sum();
      }
      ByteArrayOutputStream edn = new ByteArrayOutputStream();
      ByteArrayOutputStream transit = new ByteArrayOutputStream();
      long ednSize = write(source, edn, transit);
      Sample.print(
          "| %s %d | %.2f | %.2f | %.2f | %.2f",
          kind,
          transactionCount,
          size / datomCount,
          edn.size() / datomCount,
          transit.size() / datomCount,
          ednSize / datomCount);
      Sample.print(
          "RESULT name=size workload=%s ratio=%.2f ratio_transit=%.2f bytes_per_datom=%.2f",
          kind, size / edn.size(), size / transit.size(), size / datomCount);
    }
  }

  /** How many bytes the EDN takes before it is compressed. */
  private static long write(
      TemporaryDatabase source, ByteArrayOutputStream compressed, ByteArrayOutputStream transit)
      throws IOException {
    long ednSize = 0;
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed);
        Stream<Transaction> log =
            source.connection().txRange(new TxRange(0, source.connection().basisT() + 1))) {
      for (Transaction transaction : (Iterable<Transaction>) log::iterator) {
        List<Object> entries = new ArrayList<>();
        for (Datom datom : transaction.datoms()) {
          entries.add(List.of(datom.e(), datom.a(), datom.v(), datom.tx(), datom.added()));
        }
        byte[] bytes = edn(transaction).getBytes(StandardCharsets.UTF_8);
        gzip.write(bytes);
        ednSize += bytes.length;
        entries.replaceAll(SizeBenchmark::plain);
        TransitFactory.writer(TransitFactory.Format.JSON, transit)
            .write(List.of(transaction.t(), entries));
      }
    }
    return ednSize;
  }

  private static String edn(Transaction transaction) {
    StringBuilder text = new StringBuilder("{:t ").append(transaction.t()).append(" :data [");
    for (Datom datom : transaction.datoms()) {
      text.append('[').append(datom.e()).append(' ').append(datom.a()).append(' ');
      text.append(Edn.write(datom.v())).append(' ').append(datom.tx()).append(' ');
      text.append(datom.added()).append("] ");
    }
    return text.append("]}\n").toString();
  }

  /** Transit's own writer knows no Clojure classes. */
  private static Object plain(Object entry) {
    List<Object> elements = new ArrayList<>((List<?>) entry);
    elements.replaceAll(
        each ->
            each.getClass().getName().startsWith("clojure.")
                ? TransitFactory.keyword(each.toString().substring(1))
                : each);
    return elements;
  }
}
