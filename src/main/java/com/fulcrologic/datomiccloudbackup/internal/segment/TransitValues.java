package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.BigInt;
import clojure.lang.IPersistentVector;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which values a datom may hold, and how a tuple looks in transit: as an array. Every other value
 * is left to {@link TransitHandlers}.
 */
final class TransitValues {
  /** The classes that a segment of format 1 may not hold. */
  private static final Set<Class<?>> SINCE_FORMAT_2 = Set.of(byte[].class, DatabaseFunction.class);

  private static final Set<Class<?>> SCALARS =
      Set.of(
          byte[].class,
          DatabaseFunction.class,
          String.class,
          Boolean.class,
          Long.class,
          Double.class,
          Float.class,
          BigInt.class,
          BigInteger.class,
          BigDecimal.class,
          Date.class,
          UUID.class,
          URI.class,
          Keyword.class,
          Symbol.class);

  private TransitValues() {}

  /** Whether readers of format 1 do not know the value. */
  static boolean needsFormat2(Object value) {
    return SINCE_FORMAT_2.contains(value.getClass());
  }

  /**
   * A value as it is handed to transit.
   *
   * @throws MalformedValueException when its class, or an element's, has no place in the format: a
   *     silent change would be worse
   */
  static Object toTransit(@Nullable Object value) throws MalformedValueException {
    return value instanceof IPersistentVector tuple
        ? checkTuple((List<?>) tuple)
        : checkScalar(value);
  }

  static Object fromTransit(@Nullable Object value) throws MalformedValueException {
    return value instanceof List<?> tuple ? checkTuple(tuple) : checkScalar(value);
  }

  private static Object checkTuple(List<?> elements) throws MalformedValueException {
    for (Object element : elements) {
      if (element != null) {
        checkScalar(element);
      }
    }
    return PersistentVector.create(elements);
  }

  private static Object checkScalar(@Nullable Object value) throws MalformedValueException {
    if (value == null) {
      throw new MalformedValueException("a value that is nil");
    }
    if (!SCALARS.contains(value.getClass())) {
      throw new MalformedValueException("a value of class " + value.getClass().getName());
    }
    return value;
  }

  /** Whether UTF-8 can hold it: each surrogate is one half of a pair. */
  static boolean isWellFormed(String string) {
    for (int i = 0; i < string.length(); ) {
      int point = string.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return false; // of a pair, it would be one code point
      }
      i += Character.charCount(point);
    }
    return true;
  }

  /** The code units, big-endian; the JDK's own UTF-16 replaces half a pair. */
  static byte[] utf16(String string) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * string.length());
    bytes.asCharBuffer().put(string);
    return bytes.array();
  }

  static String fromUtf16(byte[] bytes) {
    if (bytes.length % 2 != 0) {
      throw new IllegalArgumentException("half a code unit");
    }
    return ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }
}
