package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.Reader;
import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.TransitFactory.Format;
import com.cognitect.transit.Writer;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Measures what decision 0001 rests on: transit's two formats and three compressors, on the log of
 * a shop. Candidates alternate, so that a slow minute of the machine meets all of them; the table
 * shows medians.
 */
public final class CodecBenchmark {
  private static final long SEED = 7;
  private static final int DATOM_COUNT = 200_000;
  private static final int WARM_UP_COUNT = 3;
  private static final int ROUND_COUNT = 9;

  private final List<Transaction> transactions = ShopLog.make(SEED, DATOM_COUNT);
  private final long datomCount =
      transactions.stream().mapToLong(transaction -> transaction.datoms().size()).sum();

  private CodecBenchmark() {}

  /** Takes no arguments; about two minutes. */
  public static void main(String[] arguments) throws IOException {
    new CodecBenchmark().run();
  }

  private void run() throws IOException {
    List<Measured> all =
        List.of(
            new Measured("MessagePack, gzip 6", new Streamed(Format.MSGPACK, gzip(6))),
            new Measured("the same as a whole segment", new WholeSegment()),
            new Measured("MessagePack, gzip 1", new Streamed(Format.MSGPACK, gzip(1))),
            new Measured("MessagePack, gzip 4", new Streamed(Format.MSGPACK, gzip(4))),
            new Measured("MessagePack, gzip 9", new Streamed(Format.MSGPACK, gzip(9))),
            new Measured("JSON, gzip 6", new Streamed(Format.JSON, gzip(6))),
            new Measured("MessagePack, zstd-jni 3", new Streamed(Format.MSGPACK, zstd(3))),
            new Measured("MessagePack, zstd-jni 9", new Streamed(Format.MSGPACK, zstd(9))),
            new Measured(
                "MessagePack, aircompressor zstd", new Streamed(Format.MSGPACK, airlift())),
            new Measured("MessagePack, nothing", new Streamed(Format.MSGPACK, nothing())),
            new Measured("JSON, nothing", new Streamed(Format.JSON, nothing())));
    for (int round = -WARM_UP_COUNT; round < ROUND_COUNT; round++) {
      for (Measured each : all) {
        each.measure(round);
      }
    }
    Measured base = all.get(0);
    System.out.printf(
        "%d datoms in %d transactions, median of %d%n",
        datomCount, transactions.size(), ROUND_COUNT);
    System.out.println("| candidate | bytes/datom | size | encoding | decoding | datoms/s");
    for (Measured each : all) {
      System.out.printf(
          "| %s | %.2f | %.2f | %.2f | %.2f | %.0f 000, %.0f 000%n",
          each.name,
          (double) each.size / datomCount,
          (double) each.size / base.size,
          median(base.encodeMillis) / median(each.encodeMillis),
          median(base.decodeMillis) / median(each.decodeMillis),
          datomCount / median(each.encodeMillis),
          datomCount / median(each.decodeMillis));
    }
  }

  /** A candidate and what it took. */
  private final class Measured {
    private final String name;
    private final Candidate candidate;
    private final double[] encodeMillis = new double[ROUND_COUNT];
    private final double[] decodeMillis = new double[ROUND_COUNT];
    private int size;

    Measured(String name, Candidate candidate) {
      this.name = name;
      this.candidate = candidate;
    }

    void measure(int round) throws IOException {
      long start = System.nanoTime();
      byte[] bytes = candidate.encode();
      long encoded = System.nanoTime();
      long count = candidate.decode(bytes);
      long decoded = System.nanoTime();
      if (count != datomCount) {
        throw new IllegalStateException(name + " lost datoms");
      }
      size = bytes.length;
      if (round >= 0) {
        encodeMillis[round] = (encoded - start) / 1e6;
        decodeMillis[round] = (decoded - encoded) / 1e6;
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private interface Candidate {
    byte[] encode() throws IOException;

    /** How many datoms came back. */
    long decode(byte[] bytes) throws IOException;
  }

  /** The product: header, schema, hashes and all. */
  private final class WholeSegment implements Candidate {
    @Override
    public byte[] encode() {
      SegmentWriter writer =
          new SegmentWriter(
              new SourceIdentity("shop", null), new Schema(), 6, OptionalLong.of(5), 1 << 30);
      transactions.forEach(writer::add);
      return writer.finish().bytes();
    }

    @Override
    public long decode(byte[] bytes) {
      try (Stream<Transaction> decoded = Segment.read(bytes, "shop").transactions()) {
        return decoded.mapToLong(transaction -> transaction.datoms().size()).sum();
      }
    }
  }

  /** Transit and a compressor, nothing else. */
  private final class Streamed implements Candidate {
    private final Format format;
    private final Compressor compressor;

    Streamed(Format format, Compressor compressor) {
      this.format = format;
      this.compressor = compressor;
    }

    @Override
    public byte[] encode() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ByteSink one = new ByteSink(1 << 24);
      try (OutputStream out = compressor.compress(bytes)) {
        Writer<Object> writer =
            TransitFactory.writer(
                format, one, TransitHandlers.WRITE, TransitFactory.defaultDefaultWriteHandler());
        ArrayList<Object> array = new ArrayList<>();
        for (Transaction transaction : transactions) {
          TransactionEncoder.toArray(transaction, array);
          writer.write(array);
          out.write(one.bytes(), 0, one.size());
          one.clear();
        }
      }
      return bytes.toByteArray();
    }

    @Override
    public long decode(byte[] bytes) throws IOException {
      long count = 0;
      try (InputStream in =
          new BufferedInputStream(
              compressor.decompress(new ByteArrayInputStream(bytes)), 1 << 16)) {
        Reader reader = TransitFactory.reader(format, in, TransitHandlers.READ);
        for (int i = 0; i < transactions.size(); i++) {
          List<?> array = reader.read();
          count += TransitDecoder.fromArray(array).datoms().size();
        }
      }
      return count;
    }
  }

  private interface Compressor {
    OutputStream compress(OutputStream out) throws IOException;

    InputStream decompress(InputStream in) throws IOException;
  }

  private static Compressor of(Wrap<OutputStream> compress, Wrap<InputStream> decompress) {
    return new Compressor() {
      @Override
      public OutputStream compress(OutputStream out) throws IOException {
        return compress.wrap(out);
      }

      @Override
      public InputStream decompress(InputStream in) throws IOException {
        return decompress.wrap(in);
      }
    };
  }

  private interface Wrap<T> {
    T wrap(T stream) throws IOException;
  }

  private static Compressor gzip(int level) {
    return of(out -> new Gzip(out, level), in -> new GZIPInputStream(in, 1 << 14));
  }

  private static Compressor zstd(int level) {
    return of(out -> new ZstdOutputStream(out, level), ZstdInputStream::new);
  }

  private static Compressor airlift() {
    return of(
        io.airlift.compress.zstd.ZstdOutputStream::new,
        io.airlift.compress.zstd.ZstdInputStream::new);
  }

  private static Compressor nothing() {
    return of(out -> out, in -> in);
  }
}
