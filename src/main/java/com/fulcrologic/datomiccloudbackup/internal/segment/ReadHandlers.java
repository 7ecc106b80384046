package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.Symbol;
import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.TransitFactory;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The other half of {@link WriteHandlers}: each value comes back in the class that it had. */
final class ReadHandlers {
  /** By tag, for {@code TransitFactory.reader}; read-only, so all readers share it. */
  static final Map<String, ReadHandler<?, ?>> ALL =
      TransitFactory.readHandlerMap(
          Map.ofEntries(
              handler(":", rep -> Keyword.intern(Symbol.intern((String) rep))),
              handler("$", rep -> Symbol.intern((String) rep)),
              handler("n", rep -> BigInt.fromBigInteger(new BigInteger(digits(rep)))),
              handler("f", rep -> new BigDecimal(digits(rep))),
              handler("r", rep -> URI.create((String) rep)),
              handler(Tags.URI, rep -> URI.create((String) rep)),
              handler("m", ReadHandlers::toDate),
              handler(Tags.FUNCTION, rep -> new DatabaseFunction((String) rep)),
              handler(Tags.FLOAT, ReadHandlers::toFloat),
              handler(Tags.UTF_16, rep -> TransitValues.fromUtf16((byte[]) rep)),
              handler(Tags.KEYWORD, rep -> Keyword.intern(symbol(rep))),
              handler(Tags.SYMBOL, ReadHandlers::symbol),
              handler(Tags.BIG_INT, rep -> BigInt.fromBigInteger(new BigInteger((byte[]) rep))),
              handler(Tags.BIG_INTEGER, rep -> new BigInteger((byte[]) rep)),
              handler(Tags.BIG_DECIMAL, ReadHandlers::toBigDecimal)));

  private ReadHandlers() {}

  private static Map.Entry<String, ReadHandler<Object, Object>> handler(
      String tag, ReadHandler<Object, Object> handler) {
    return Map.entry(tag, handler);
  }

  /** The digits of a number, few enough to be read fast; a writer puts longer numbers in binary. */
  private static String digits(Object rep) {
    String digits = (String) rep;
    if (digits.length() > Limits.DIGIT_COUNT_MAX + 20) {
      throw new IllegalArgumentException("a number of too many digits");
    }
    return digits;
  }

  /** As transit-java's own does it, but without making a Calendar for each. */
  @SuppressWarnings("JavaUtilDate") // the class that Datomic uses
  private static Date toDate(Object rep) {
    return new Date(rep instanceof Long millis ? millis : Long.parseLong((String) rep));
  }

  private static Float toFloat(Object rep) {
    double number = (Double) rep;
    float narrow = (float) number;
    if (Double.compare(narrow, number) != 0) {
      throw new IllegalArgumentException("a double that is no float");
    }
    return narrow;
  }

  private static Symbol symbol(Object rep) {
    List<?> parts = pair(rep);
    @Nullable Object namespace = parts.get(0);
    @Nullable Object name = parts.get(1);
    if (name == null) {
      throw new IllegalArgumentException("no name");
    }
    return Symbol.intern(namespace == null ? null : (String) namespace, (String) name);
  }

  private static BigDecimal toBigDecimal(Object rep) {
    List<?> parts = pair(rep);
    int scale = Math.toIntExact((Long) parts.get(0));
    return new BigDecimal(new BigInteger((byte[]) parts.get(1)), scale);
  }

  private static List<?> pair(Object rep) {
    List<?> parts = (List<?>) rep;
    if (parts.size() != 2) {
      throw new IllegalArgumentException("not two parts");
    }
    return parts;
  }
}
