package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments of which every hash agrees, written by somebody who means no good, or by a fault. */
@Timeout(60)
class HostileSegmentTest {
  private final Forgery forgery = new Forgery(Logs.naming(6, "x"), Logs.naming(7, "y"));

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 1 << 21, Integer.MAX_VALUE})
  void refusesAHostileHeaderSize(int size) {
    forgery.headerSize = size;

    assertCorrupt();
    assertThat(Segment.headerSizeNeeded(forgery.bytes())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1 << 20, Integer.MAX_VALUE})
  void refusesAHostileSchemaSize(int size) {
    forgery.schemaSize = size;

    assertCorrupt();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 10, 1L << 32, Long.MAX_VALUE})
  void refusesAHostileContentSize(long size) {
    forgery.contentSize = size;

    assertCorrupt();
  }

  @Test
  void refusesAnotherMagic() {
    forgery.magic++;

    assertCorrupt();
  }

  @Test
  void refusesASegmentThatIsOnlyAHeader() {
    byte[] bytes = forgery.bytes();
    byte[] header = Arrays.copyOf(bytes, Segment.headerSizeNeeded(bytes).getAsInt());

    assertThatThrownBy(() -> Segment.read(header, "orders"))
        .isInstanceOf(CorruptSegmentException.class);
  }

  @Test
  void refusesContentThatInflatesBeyondWhatTheHeaderTells() {
    forgery.content = Arrays.copyOf(forgery.content, 100 << 20);

    assertCorrupt("more content than its header states");
  }

  @Test
  void refusesMoreContentThanASegmentMayHold() {
    forgery.header.put("content-size", Limits.CONTENT_SIZE_MAX + 1);

    assertCorrupt();
  }

  @Test
  void refusesABombInTheSchema() {
    forgery.schema = new byte[100 << 20];
    assertCorrupt();

    forgery.schema = Arrays.copyOf(new byte[] {(byte) 0xdb, 0x04, 0, 0, 1}, (64 << 20) + 6);
    assertCorrupt();
  }

  @Test
  void allocatesNothingForADeclaredStringOrArray() {
    assertDeclaredRefused("the bytes end within a value", 0xdb, 0x03, 0xff, 0xff, 0xff, 'x');
    assertDeclaredRefused("a string too long", 0xdb, 0x7f, 0xff, 0xff, 0xff, 'x');
    assertDeclaredRefused("a string too long", 0xdb, 0xff, 0xff, 0xff, 0xff, 'x');
    assertDeclaredRefused("the bytes end within a value", 0xdd, 0x00, 0x3f, 0xff, 0xff, 0x01);
    assertDeclaredRefused("too many elements", 0xdd, 0xff, 0xff, 0xff, 0xff, 0x01);
    assertDeclaredRefused("too many elements", 0xdf, 0xff, 0xff, 0xff, 0xff, 0x01);
  }

  private void assertDeclaredRefused(String reason, int... content) {
    forgery.withContent(bytes(content));
    forgery.header.put("content-size", Limits.CONTENT_SIZE_MAX);
    assertCorrupt(reason);
  }

  @Test
  void refusesDeepNesting() {
    byte[] deep = new byte[1 << 20];
    Arrays.fill(deep, (byte) 0x91);
    forgery.withContent(deep);
    assertCorrupt("values nested too deep");

    forgery.headerBytes = Arrays.copyOf(deep, 1 << 16);
    assertCorrupt();

    forgery.headerBytes = null;
    forgery.schema = deep;
    assertCorrupt();
  }

  @Test
  void refusesTooManyValues() {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(bytes(0x98));
    for (int i = 0; i < 8; i++) {
      content.writeBytes(bytes(0xdd, 0x00, 0x3f, 0xff, 0xff));
      content.writeBytes(new byte[0x3fffff]);
    }
    forgery.withContent(content.toByteArray());

    assertCorrupt("too many values");
  }

  @Test
  void refusesBytesThatAreNoTransit() {
    for (int head : new int[] {0xc1, 0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8}) {
      forgery.withContent(bytes(head, 0, 0, 0, 0, 0, 0));
      assertCorrupt("a byte that begins no transit value");
    }
  }

  @Test
  void refusesInvalidUtf8() {
    for (byte[] invalid :
        List.of(bytes(0xc3, 0x28), bytes(0xed, 0xa0, 0x80), bytes(0xff), bytes(0xc0, 0x80))) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      content.writeBytes(bytes(0x96, 6, 6, 1, 1, 0xa0 + invalid.length));
      content.writeBytes(invalid);
      content.writeBytes(bytes(0xc3));
      assertSingleRefused(content.toByteArray());
    }
  }

  @Test
  void refusesHostileRepresentations() {
    String digits = "9".repeat(1 << 20);
    for (Object value :
        List.of(
            "~n" + digits,
            "~f" + digits,
            "~nx",
            "~f1..2",
            "~zwhat",
            "~u1",
            "~mxyz",
            "~r{not a uri",
            "~c",
            "^",
            "^~",
            "~bnot base64",
            "~#",
            "~#float",
            "~i",
            "~dx",
            "~ttoday",
            "~iq",
            "~_")) {
      assertSingleRefused(rawTransaction(value));
    }
    for (Object value :
        List.of(
            tagged("float", "x"),
            tagged("float", 0.1),
            tagged("float", 1),
            tagged("m", "x"),
            tagged("m", 1.5),
            tagged("u", List.of(1)),
            tagged("u", 1),
            tagged("utf16", "x"),
            tagged("utf16", new byte[1]),
            tagged("keyword", List.of("a")),
            tagged("keyword", Arrays.asList(null, null)),
            tagged("symbol", 1),
            tagged("bigint", "1"),
            tagged("bigint", new byte[0]),
            tagged("biginteger", 5),
            tagged("bigdecimal", "1"),
            tagged("bigdecimal", List.of(1L << 40, new byte[1])),
            tagged("uri", "{"),
            tagged("set", List.of(1)),
            tagged("ratio", List.of(1, 2)),
            tagged("cmap", List.of(1, 2)),
            tagged("link", Map.of()),
            tagged("unheard-of", 1),
            Map.of("a", 1),
            List.of(List.of(1)))) {
      assertSingleRefused(rawTransaction(value));
    }
  }

  @Test
  void refusesWhatIsNoTransaction() {
    for (Object content :
        List.of(
            List.of(),
            List.of(6L),
            List.of(6L, 6L, 1L),
            List.of("6", 6L),
            List.of(6L, 6L, 1.0, 2L, "x", true),
            List.of(6L, 6L, 1L, 2L, "x", "true"),
            Arrays.asList(6L, 6L, null, 2L, "x", true),
            Arrays.asList(6L, 6L, 1L, 2L, null, true),
            Map.of("t", 6L))) {
      assertSingleRefused(Forgery.transit(content));
    }
  }

  @Test
  void readsASingleForgedDatom() {
    assertThat(Logs.read(single(rawTransaction("plain")).bytes()))
        .containsExactly(new Transaction(6, 6, List.of(new Datom(1, 2, "plain", 6, true))));
    assertThat(Logs.read(single(rawTransaction(tagged("float", 0.5))).bytes())).hasSize(1);
  }

  private static void assertSingleRefused(byte[] content) {
    byte[] bytes = single(content).bytes();
    assertThatThrownBy(() -> Logs.read(bytes))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("orders")
        .hasMessageContaining("after 0 transactions");
  }

  /** A segment whose one transaction has t 6 and one datom, as far as the header knows. */
  private static Forgery single(byte[] content) {
    Forgery single = new Forgery(Logs.naming(6, "x"));
    single.header.put("datom-count", 1);
    return single.withContent(content);
  }

  @Test
  void refusesContentThatContradictsTheHeader() {
    for (Map.Entry<String, Object> lie :
        List.<Map.Entry<String, Object>>of(
            Map.entry("transaction-count", 1),
            Map.entry("transaction-count", 3),
            Map.entry("datom-count", 5),
            Map.entry("content-hash", "00".repeat(32)),
            Map.entry("content-size", forgery.content.length - 1))) {
      Object truth = forgery.header.put(lie.getKey(), lie.getValue());
      assertCorrupt();
      forgery.header.put(lie.getKey(), truth);
    }
    assertThat(Logs.read(forgery.bytes())).hasSize(2);
  }

  @Test
  void refusesTransactionsOutOfOrder() {
    assertContentRefused(List.of(Logs.naming(7, "y"), Logs.naming(6, "x")));
    assertContentRefused(List.of(Logs.naming(6, "x"), Logs.naming(6, "x")));
    assertContentRefused(List.of(Logs.naming(6, "x"), Logs.naming(8, "y")));
    assertContentRefused(List.of(Logs.naming(5, "x"), Logs.naming(7, "y")));
  }

  @Test
  void refusesTransactionsOutOfOrderBetweenFirstAndLast() {
    Transaction[] log = {
      Logs.naming(6, "a"), Logs.naming(7, "b"), Logs.naming(8, "c"), Logs.naming(9, "d")
    };
    Forgery swapped = new Forgery(log);
    swapped.withContent(encode(List.of(log[0], log[2], log[1], log[3])));

    assertThatThrownBy(() -> Logs.read(swapped.bytes()))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("ascending order");
  }

  @Test
  void refusesATransactionAfterTheLast() {
    Forgery single = new Forgery(Logs.naming(6, "x"));
    single.withContent(encode(List.of(Logs.naming(6, "x"), Logs.naming(6, "x"))));

    assertThatThrownBy(() -> Logs.read(single.bytes()))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("more transactions");
  }

  @Test
  void refusesBytesBetweenTheContentAndTheLastHash() {
    byte[] stored = Forgery.gzip(forgery.content);
    forgery.contentStored = Arrays.copyOf(stored, stored.length + 1);
    forgery.contentSize = (long) stored.length;

    assertCorrupt("longer than it states");
  }

  @Test
  void cutsNoValueBeyondItsSize() throws IOException {
    byte[] value = Forgery.transit(List.of("x".repeat(100)));

    assertThat(new ValueCutter(new ByteArrayInputStream(value), value.length).next()).isTrue();
    ValueCutter tooSmall = new ValueCutter(new ByteArrayInputStream(value), value.length - 1);
    assertThatThrownBy(tooSmall::next).hasMessage("a value too large");
  }

  @Test
  void refusesALastTransactionBeforeTheLastT() {
    forgery.header.put("last-t", 8L);
    forgery.header.put("end-t", 9L);

    assertCorrupt("another last t");
  }

  @Test
  void handsOutTheLastTransactionOnlyWhenAllAgrees() {
    forgery.header.put("content-hash", "00".repeat(32));
    var transactions = Segment.read(forgery.bytes(), "orders").transactions().iterator();

    assertThat(transactions.next()).isEqualTo(Logs.naming(6, "x"));
    assertThatThrownBy(transactions::next).isInstanceOf(CorruptSegmentException.class);
  }

  @Test
  void refusesAHeaderThatMakesNoSense() {
    for (String key : List.copyOf(forgery.header.keySet())) {
      Object truth = forgery.header.put(key, List.of(1));
      assertCorrupt();
      forgery.header.put(key, truth);
    }
    for (String key : List.of("database-id", "start-t", "content-hash", "built-ins-used")) {
      Object truth = forgery.header.remove(key);
      assertCorrupt();
      forgery.header.put(key, truth);
    }
    for (Map.Entry<String, Object> lie :
        List.<Map.Entry<String, Object>>of(
            Map.entry("start-t", 7L),
            Map.entry("end-t", 9L),
            Map.entry("previous-t", 6L),
            Map.entry("first-t", 8L),
            Map.entry("transaction-count", 0),
            Map.entry("transaction-count", 1L << 40),
            Map.entry("datom-count", -1),
            Map.entry("content-size", 0),
            Map.entry("content-hash", "xyz"),
            Map.entry("first-transaction-hash", "abc"),
            Map.entry("compression", "zstd"),
            Map.entry("content-format", "edn"))) {
      Object truth = forgery.header.put(lie.getKey(), lie.getValue());
      assertCorrupt();
      forgery.header.put(lie.getKey(), truth);
    }
    byte[] header = Forgery.transit(forgery.header);
    forgery.headerBytes = Arrays.copyOf(header, header.length + 1);
    assertCorrupt("its header makes no sense");
    forgery.headerBytes = Forgery.transit(List.of(1));
    assertCorrupt();
    forgery.headerBytes = new byte[0];
    assertCorrupt();
  }

  @Test
  void refusesASchemaThatMakesNoSense() {
    for (Object schema :
        List.of(
            List.of(),
            Map.of(),
            Map.of("attributes", List.of(1), "built-ins", List.of()),
            Map.of("attributes", List.of(Map.of("id", 1L)), "built-ins", List.of()),
            Map.of("attributes", List.of(), "built-ins", List.of(1L)),
            Map.of("attributes", List.of(), "built-ins", List.of(1L, "x")))) {
      forgery.schema = Forgery.transit(schema);
      assertCorrupt("its schema makes no sense");
    }
  }

  @Test
  void refusesStoredBytesThatAreNoGzip() {
    forgery.contentStored = new byte[100];
    assertCorrupt();
    byte[] whole = Forgery.gzip(forgery.content);
    forgery.contentStored = Arrays.copyOf(whole, whole.length / 2);
    assertCorrupt();
    forgery.contentStored = new byte[0];
    assertCorrupt();
    forgery.contentStored = null;
    forgery.schemaStored = new byte[100];
    assertCorrupt();
  }

  @Test
  void saysNothingOfTheValues() {
    forgery.withContent(rawTransaction("~ncanary"));

    assertThatThrownBy(() -> Logs.read(forgery.bytes()))
        .hasMessageNotContaining("canary")
        .hasMessageContaining("orders");
  }

  private void assertContentRefused(List<Transaction> transactions) {
    forgery.withContent(encode(transactions));
    assertCorrupt();
  }

  private static byte[] encode(List<Transaction> transactions) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    TransactionEncoder encoder = new TransactionEncoder();
    for (Transaction transaction : transactions) {
      encoder.encode(transaction);
      content.write(encoder.bytes(), 0, encoder.size());
    }
    return content.toByteArray();
  }

  private void assertCorrupt(String... anyOf) {
    byte[] bytes = forgery.bytes();
    assertThatThrownBy(() -> Logs.read(bytes))
        .isInstanceOf(CorruptSegmentException.class)
        .satisfies(
            failure -> {
              assertThat(failure.getMessage()).contains("orders");
              if (anyOf.length > 0) {
                assertThat(anyOf).anyMatch(String.valueOf(failure.getMessage())::contains);
              }
            });
  }

  /** A transaction of t 6 whose one value is exactly this, unescaped. */
  private static byte[] rawTransaction(Object value) {
    if (!(value instanceof String text)) {
      return Forgery.transit(Arrays.asList(6L, 6L, 1L, 2L, value, true));
    }
    byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(bytes(0x96, 6, 6, 1, 2, 0xdb));
    bytes.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(utf8.length).array());
    bytes.writeBytes(utf8);
    bytes.writeBytes(bytes(0xc3));
    return bytes.toByteArray();
  }

  private static Object tagged(String tag, Object rep) {
    return com.cognitect.transit.TransitFactory.taggedValue(tag, rep);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
