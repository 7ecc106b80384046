package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.MapEntry;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JavaUtilDate") // the class that Datomic uses
class ValuesTest {
  private static final BigInteger HUGE = BigInteger.TEN.pow(20_000).negate();

  static List<Object> values() {
    List<Object> values = new ArrayList<>(strings());
    values.addAll(numbers());
    values.addAll(
        List.of(
            true,
            false,
            new Date(0),
            new Date(-1),
            new Date(-62_135_596_800_001L),
            new Date(1_700_000_000_123L),
            new Date(Long.MIN_VALUE),
            new UUID(Long.MIN_VALUE, Long.MAX_VALUE),
            new UUID(0, 0),
            URI.create("https://example.com/a%20b?c=d#e"),
            URI.create("urn:isbn:0451450523"),
            URI.create(""),
            URI.create("~x/é"),
            URI.create("x/\uD800"),
            Keyword.intern("order.state", "placed"),
            Keyword.intern(null, "plain"),
            Keyword.intern("a", "b/c"),
            Keyword.intern(null, "b/c"),
            Keyword.intern("", "x"),
            Keyword.intern("with space", "ünïcode"),
            Keyword.intern("a", "\ud800"),
            Keyword.intern(null, "/"),
            Symbol.intern("clojure.core", "+"),
            Symbol.intern(null, "/"),
            Symbol.intern("a/b", "c"),
            Symbol.intern(null, "^0")));
    values.addAll(
        List.of(
            new byte[0],
            new byte[] {0, -1, 127, -128},
            new byte[100_000],
            new DatabaseFunction("{:lang :clojure, :params [db x], :code \"[[:é]]\"}")));
    return values;
  }

  private static List<Object> strings() {
    return List.of(
        "",
        "plain",
        "~:x",
        "~#tag",
        "~",
        "~~",
        "^",
        "^0",
        "^ ",
        "`",
        "`x",
        ":db/id",
        "\0",
        "a\0b",
        "emoji \uD83D\uDE00",
        "\uD800",
        "\uDC00 low",
        "end \uDBFF",
        "\uDC00\uD800",
        "é\u0301\uFFFF",
        "x".repeat(31),
        "x".repeat(32),
        "x".repeat(255),
        "x".repeat(256),
        "x".repeat(65_535),
        "x".repeat(65_536),
        "\uD83D\uDE00".repeat(5000));
  }

  private static List<Object> numbers() {
    return List.of(
        0L,
        -1L,
        127L,
        128L,
        -32L,
        -33L,
        1L << 31,
        1L << 53,
        (1L << 53) + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0.0,
        -0.0,
        1.5,
        1.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        0.0f,
        -0.0f,
        0.1f,
        3.0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        BigInt.fromLong(0),
        BigInt.fromLong(-5),
        BigInt.fromBigInteger(BigInteger.TWO.pow(100)),
        BigInt.fromBigInteger(HUGE),
        BigInteger.ZERO,
        BigInteger.valueOf(-5),
        BigInteger.TWO.pow(100),
        HUGE,
        new BigDecimal("1.0"),
        new BigDecimal("1.00"),
        new BigDecimal("0E-10"),
        new BigDecimal("-1E+2147483647"),
        new BigDecimal("123456789.123456789"),
        new BigDecimal(HUGE, 7),
        new BigDecimal(HUGE, -2_000_000_000));
  }

  /** Java writes an exponent above the largest int, and does not read it [JDK-8233760]. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1,
        Integer.MIN_VALUE + 2,
        -2_147_483_600,
        -1,
        0,
        1,
        2_147_483_600,
        Integer.MAX_VALUE - 1,
        Integer.MAX_VALUE
      })
  void keepsADecimalOfAnyScaleAndPrecision(int scale) {
    for (BigInteger unscaled :
        List.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            BigInteger.valueOf(-12),
            BigInteger.TEN.pow(18),
            BigInteger.TEN.pow(70).negate(),
            BigInteger.TWO.pow(10_000),
            HUGE)) {
      BigDecimal value = new BigDecimal(unscaled, scale);
      assertSame(roundTrip(value), value);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void keepsAValueWithItsClass(Object value) {
    assertSame(roundTrip(value), value);
  }

  @ParameterizedTest
  @MethodSource("values")
  void keepsAValueWithItsClassInATuple(Object value) {
    Object tuple = roundTrip(Logs.tuple(null, value, null));

    assertThat(tuple).isExactlyInstanceOf(PersistentVector.class);
    assertThat((List<?>) tuple).hasSize(3);
    assertThat(((List<?>) tuple).get(0)).isNull();
    assertSame(((List<?>) tuple).get(1), value);
  }

  @Test
  void keepsWhatRepeatsInOneTransaction() {
    Object[] elements = {
      Keyword.intern("order.state", "placed"),
      Keyword.intern("order.state", "placed"),
      0.5f,
      0.5f,
      Keyword.intern("a", "b/c"),
      Keyword.intern("a", "b/c"),
      Symbol.intern("order", "placed"),
      Symbol.intern("order", "placed")
    };

    assertThat(roundTrip(Logs.tuple(elements))).isEqualTo(Logs.tuple(elements));
  }

  @Test
  void keepsMoreKeywordsThanTransitsCacheHolds() {
    List<Object> keywords = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      keywords.add(Keyword.intern("name-" + i % 2500));
    }

    assertThat(roundTrip(PersistentVector.create(keywords)))
        .isEqualTo(PersistentVector.create(keywords));
  }

  @Test
  void keepsAnEmptyTuple() {
    assertThat(roundTrip(Logs.tuple())).isEqualTo(Logs.tuple());
  }

  @Test
  void readsAnyClojureVectorAsAPersistentVector() {
    assertThat(roundTrip(MapEntry.create(1L, "x"))).isEqualTo(Logs.tuple(1L, "x"));
  }

  static List<Object> foreignValues() {
    return List.of(
        1,
        (short) 1,
        'c',
        new Timestamp(0),
        List.of(1L),
        Map.of(),
        Logs.tuple(1),
        Logs.tuple(Logs.tuple(1L)),
        com.cognitect.transit.TransitFactory.keyword("x"),
        com.cognitect.transit.TransitFactory.taggedValue("x", 1));
  }

  @ParameterizedTest
  @MethodSource("foreignValues")
  void refusesToWriteAValueThatWouldChange(Object value) {
    assertThatThrownBy(() -> roundTrip(value))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("transaction t 6")
        .hasMessageContaining("class");
  }

  private static Object roundTrip(Object value) {
    WrittenSegment written =
        Logs.write(Logs.transaction(6, Logs.datom(6, Logs.ALICE, Logs.NAME, value)));
    return Logs.read(written.bytes()).get(0).datoms().get(1).v();
  }

  private static void assertSame(Object actual, Object expected) {
    assertThat(actual).isExactlyInstanceOf(expected.getClass()).isEqualTo(expected);
  }
}
