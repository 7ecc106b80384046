package com.fulcrologic.datomiccloudbackup.bench;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A backup of a shop of any size that takes no space: each segment is made when it is read, from
 * its number alone, with ids as Datomic hands them out. What that takes is counted apart.
 */
final class EndlessShop implements BackupStore {
  static final int TRANSACTION_DATOM_COUNT = 14;

  private static final int SEGMENT_TRANSACTION_COUNT = 10_000;
  private static final int ENTITY_COUNT = 3;
  private static final long FIRST_INDEX = 100_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<Transaction> beginning = new ArrayList<>();
  private final Schema schema = new Schema();
  private final TreeMap<String, TxRange> segments = new TreeMap<>();
  private final Map<String, Long> attributeIds = new ConcurrentHashMap<>();
  private final AtomicLong makingNanos = new AtomicLong();
  private final long firstT;
  private String newestKey = "";
  private byte[] newest = new byte[0];

  /**
   * @param source a database that holds the schema of {@link Workload}, and nothing else
   */
  EndlessShop(DatomicConnection source, int transactionCount) {
    try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
      log.forEach(beginning::add);
    }
    firstT = beginning.size();
    for (Transaction each : beginning) {
      schema.learnBuiltIns(each);
      schema.apply(each);
    }
    StoredBackup names = StoredBackup.of(this, "w");
    long endT = firstT + transactionCount;
    segments.put(names.key(new TxRange(0, firstT)), new TxRange(0, firstT));
    for (long t = firstT; t < endT; t += SEGMENT_TRANSACTION_COUNT) {
      TxRange range = new TxRange(t, Math.min(t + SEGMENT_TRANSACTION_COUNT, endT));
      newestKey = names.key(range);
      segments.put(newestKey, range);
    }
    newest = make(Objects.requireNonNull(segments.get(newestKey)));
  }

  /** The t after the last one. */
  long endT() {
    return Objects.requireNonNull(segments.get(newestKey)).endT();
  }

  /** What making segments has taken so far, of the processor. */
  long makingNanos() {
    return makingNanos.get();
  }

  @Override
  public boolean create(String key, byte[] content) {
    throw new UnsupportedOperationException("nothing is written here");
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    TxRange range = segments.get(key);
    if (range == null) {
      return Optional.empty();
    }
    if (key.equals(newestKey)) {
      return Optional.of(Arrays.copyOf(newest, Math.min(sizeMax, newest.length)));
    }
    long start = THREADS.getCurrentThreadCpuTime();
    byte[] bytes = make(range);
    makingNanos.addAndGet(THREADS.getCurrentThreadCpuTime() - start);
    return Optional.of(Arrays.copyOf(bytes, Math.min(sizeMax, bytes.length)));
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    return segments.tailMap(startAfter, false).keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> new StoredObject(key, 1 << 20));
  }

  @Override
  public String location() {
    return "nowhere";
  }

  private byte[] make(TxRange range) {
    boolean isFirst = range.startT() == 0;
    SegmentWriter writer =
        new SegmentWriter(
            new SourceIdentity("endless", "0".repeat(64)),
            isFirst ? new Schema() : schema,
            range.startT(),
            isFirst ? OptionalLong.empty() : OptionalLong.of(range.startT() - 1),
            SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
    if (isFirst) {
      beginning.forEach(writer::add);
    } else {
      for (long t = range.startT(); t < range.endT(); t++) {
        if (!writer.add(transaction(t))) {
          throw new IllegalStateException("a segment is too large");
        }
      }
    }
    return writer.finish().bytes();
  }

  private static final class Maker {
    private final List<Datom> datoms = new ArrayList<>();
    private final long tx;

    Maker(long t) {
      this.tx = Transaction.entityId(t);
    }

    void add(long e, long a, Object v) {
      datoms.add(new Datom(e, a, v, tx, true));
    }
  }

  private long id(String name) {
    return attributeIds.computeIfAbsent(
        name, each -> Objects.requireNonNull(schema.attributeNamed(Edn.keyword(":" + each))).id());
  }

  private long order(long t) {
    long partition = 17 + Long.remainderUnsigned((t * 0x9E3779B97F4A7C15L) >>> 32, 7);
    return (partition << Transaction.INDEX_BITS) | (FIRST_INDEX + (t - firstT) * ENTITY_COUNT);
  }

  private Transaction transaction(long t) {
    SplittableRandom random = new SplittableRandom(t);
    Maker maker = new Maker(t);
    long tx = Transaction.entityId(t);
    maker.add(tx, id("db/txInstant"), new Date(1_600_000_100_000L + t * 50));
    maker.add(tx, id("audit/user"), "user-" + random.nextInt(12));
    long order = order(t);
    maker.add(order, id("order/id"), new UUID(random.nextLong(), random.nextLong()));
    if (t > firstT + 10) {
      long back = random.nextInt(10) == 0 ? t - firstT : Math.min(200, t - firstT);
      long old = order(t - 1 - random.nextLong(back));
      maker.add(order, id("order/customer"), old);
      maker.add(old, id("order/placed"), new Date(1_600_000_100_000L + t * 50));
    } else {
      maker.add(order, id("order/placed"), new Date(1_600_000_100_000L + t * 50));
      maker.add(order, id("customer/name"), "somebody");
    }
    maker.add(order, id("order/state"), Keyword.intern("state", "s" + random.nextInt(50)));
    for (long line = order + 1; line < order + ENTITY_COUNT; line++) {
      maker.add(order, id("order/line"), line);
      maker.add(line, id("line/sku"), "SKU-" + random.nextInt(10_000, 12_000));
      maker.add(line, id("line/count"), (long) random.nextInt(1, 9));
      maker.add(line, id("line/price"), BigDecimal.valueOf(random.nextInt(100, 20_000), 2));
    }
    return new Transaction(t, tx, maker.datoms);
  }
}
