package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.Symbol;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;

/** Values from a seed: mostly of a few, so that they meet again, and the odd ones among them. */
final class RandomValues {
  /** The names of the value types, but for references and tuples. */
  static final List<String> SCALAR_TYPES =
      List.of(
          "string", "boolean", "long", "bigint", "bigdec", "double", "float", "instant", "uuid",
          "uri", "keyword", "symbol");

  /** The names of the value types that a user may install anew, by how they are written down. */
  static final Map<String, String> TYPES_BY_TAG =
      new TreeMap<>(
          Map.of(
              "string", "string", "int", "long", "inst", "instant", "bigdec", "bigdec", "key",
              "keyword", "uri", "uri", "double", "double", "bool", "boolean"));

  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    0.1,
    1,
    -1,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    1e300,
    Double.NEGATIVE_INFINITY,
    Double.POSITIVE_INFINITY,
    Double.NaN
  };
  private static final float[] FLOATS = {
    0f,
    -0f,
    0.1f,
    1,
    -1,
    Float.MAX_VALUE,
    Float.MIN_VALUE,
    Float.NEGATIVE_INFINITY,
    Float.POSITIVE_INFINITY,
    Float.NaN
  };
  private static final String[] STRINGS = {
    "",
    "x",
    "y",
    " ",
    "~:k",
    "~~",
    "^ ",
    "`",
    "\u0000",
    "\ud83d\ude00",
    "\u0301",
    "\r\n",
    "\u2028",
    "\ud800",
    "nil",
    "[\"^ \"]"
  };
  private static final String[] URIS = {
    "http://e.com/?q=%20#1",
    "http://e.com/%2f",
    "http://e.com/%2F",
    "http://E.com/%2f",
    "HTTP://e.com/%2f",
    "http://u@e.com:80/",
    "http://u@E.com:80/",
    "URN:x:1",
    "mailto:a@b",
    ""
  };
  private static final String[] DECIMALS = {
    "0", "0.0", "0E+3", "1", "1.0", "1.00", "-1", "1E+10", "1E-30", "12345678901234567890.123"
  };

  private final SplittableRandom random;

  RandomValues(SplittableRandom random) {
    this.random = random;
  }

  /** One of these. */
  <T> T oneOf(Collection<T> choices) {
    int at = random.nextInt(choices.size());
    return choices.stream().skip(at).findFirst().orElseThrow();
  }

  /** Once in so many times. */
  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** From 0 to before the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A value of a scalar type. */
  Object scalar(String type) {
    return switch (type) {
      case "string" -> string();
      case "boolean" -> random.nextBoolean();
      case "long" -> oneLong();
      case "bigint" -> bigInteger();
      case "bigdec" ->
          oneIn(4)
              ? BigDecimal.valueOf(random.nextLong(), random.nextInt(-5, 20))
              : new BigDecimal(DECIMALS[random.nextInt(DECIMALS.length)]);
      case "double" -> oneIn(4) ? random.nextDouble() : DOUBLES[random.nextInt(DOUBLES.length)];
      case "float" ->
          oneIn(4) ? (float) random.nextDouble() : FLOATS[random.nextInt(FLOATS.length)];
      case "instant" -> new Date(oneIn(4) ? random.nextLong() >> 12 : random.nextInt(-3, 4));
      case "uuid" -> new UUID(oneIn(4) ? random.nextLong() : 0, random.nextInt(8));
      case "uri" -> URI.create(oneIn(3) ? "urn:x:" + below(9) : URIS[below(URIS.length)]);
      case "keyword" -> Keyword.intern(oneIn(2) ? "k" : null, "k" + below(9));
      case "symbol" -> Symbol.intern(oneIn(2) ? "s" : null, "s" + below(9));
      default -> throw new IllegalArgumentException(type);
    };
  }

  private String string() {
    if (oneIn(30)) {
      return "long ".repeat(random.nextInt(1, 50));
    }
    StringBuilder text = new StringBuilder(STRINGS[random.nextInt(STRINGS.length)]);
    if (oneIn(3)) {
      text.append((char) random.nextInt(1 << 16)).append(STRINGS[random.nextInt(STRINGS.length)]);
    }
    return text.toString();
  }

  private Long oneLong() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong() >> random.nextInt(64);
      case 1 -> (3L << 42) + below(60); // looks like a transaction
      case 2 -> (long) below(100); // looks like an attribute
      default -> (long) below(8);
    };
  }

  private Object bigInteger() {
    BigInteger value =
        oneIn(3)
            ? BigInteger.valueOf(random.nextLong()).pow(random.nextInt(1, 5))
            : BigInteger.valueOf(below(5));
    return oneIn(2) ? value : BigInt.fromBigInteger(value);
  }
}
