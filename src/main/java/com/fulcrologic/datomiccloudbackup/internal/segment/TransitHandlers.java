package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.cognitect.transit.ReadHandler;
import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.WriteHandler;
import com.cognitect.transit.Writer;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the classes of a log that transit-java does not write, or writes with a loss, and reads
 * each value back in the class that it had. Transit-java does not support Clojure classes, writes a
 * Float as a Double, and puts {@code ?} for half a surrogate pair.
 *
 * <p>The tags that transit itself does not know are part of the format for ever.
 */
final class TransitHandlers {
  /** A Float; its representation is a double of the same number. */
  static final String FLOAT = "float";

  /** A string that UTF-8 cannot hold; its representation is UTF-16, big-endian, in bytes. */
  static final String UTF_16 = "utf16";

  /** A URI that UTF-8 cannot hold; its representation is the string, tagged UTF_16. */
  static final String URI_OF_UTF_16 = "uri";

  /** A Clojure keyword that its text does not identify: namespace (or nil) and name. */
  static final String KEYWORD = "keyword";

  /** A Clojure symbol that its text does not identify: namespace (or nil) and name. */
  static final String SYMBOL = "symbol";

  /** A Clojure BigInt of many digits: two's complement, big-endian, in bytes. */
  static final String BIG_INT = "bigint";

  /** A java.math.BigInteger of any size: two's complement, big-endian, in bytes. */
  static final String BIG_INTEGER = "biginteger";

  /** A BigDecimal of many digits: the scale, and the unscaled number as in BIG_INTEGER. */
  static final String BIG_DECIMAL = "bigdecimal";

  /** A database function of Datomic Pro; its representation is the map of its parts, in EDN. */
  static final String FUNCTION = "function";

  /** By class, for {@code TransitFactory.writer}. */
  @SuppressWarnings("rawtypes") // as transit-java declares it
  static final Map<Class, WriteHandler<?, ?>> WRITE =
      Map.ofEntries(
          write(
              String.class,
              text -> TransitValues.isWellFormed(text) ? "s" : UTF_16,
              text -> TransitValues.isWellFormed(text) ? text : TransitValues.utf16(text)),
          write(Float.class, number -> FLOAT, Float::doubleValue),
          write(
              BigInt.class,
              number -> isShort(number.toBigInteger()) ? "n" : BIG_INT,
              number ->
                  isShort(number.toBigInteger())
                      ? number.toString()
                      : number.toBigInteger().toByteArray()),
          write(BigInteger.class, number -> BIG_INTEGER, BigInteger::toByteArray),
          write(
              BigDecimal.class,
              number -> isReadable(number) ? "f" : BIG_DECIMAL,
              number ->
                  isReadable(number)
                      ? number.toString()
                      : array((long) number.scale(), number.unscaledValue().toByteArray())),
          write(
              Keyword.class,
              keyword -> isReadable(keyword.sym) ? ":" : KEYWORD,
              keyword -> named(keyword.sym)),
          write(Symbol.class, symbol -> isReadable(symbol) ? "$" : SYMBOL, TransitHandlers::named),
          write(
              URI.class,
              uri -> TransitValues.isWellFormed(uri.toString()) ? "r" : URI_OF_UTF_16,
              URI::toString),
          write(PersistentVector.class, tuple -> "array", tuple -> tuple),
          write(ArrayList.class, list -> "array", list -> list),
          write(DatabaseFunction.class, function -> FUNCTION, DatabaseFunction::edn));

  /** By tag, for {@code TransitFactory.reader}; read-only, so all readers share it. */
  static final Map<String, ReadHandler<?, ?>> READ =
      TransitFactory.readHandlerMap(
          Map.ofEntries(
              read(":", rep -> Keyword.intern(Symbol.intern((String) rep))),
              read("$", rep -> Symbol.intern((String) rep)),
              read("n", rep -> BigInt.fromBigInteger(new BigInteger(digits(rep)))),
              read("f", rep -> new BigDecimal(digits(rep))),
              read("r", rep -> URI.create((String) rep)),
              read(URI_OF_UTF_16, rep -> URI.create((String) rep)),
              read("m", TransitHandlers::toDate),
              read(FUNCTION, rep -> new DatabaseFunction((String) rep)),
              read(FLOAT, TransitHandlers::toFloat),
              read(UTF_16, rep -> TransitValues.fromUtf16((byte[]) rep)),
              read(KEYWORD, rep -> Keyword.intern(symbol(rep))),
              read(SYMBOL, TransitHandlers::symbol),
              read(BIG_INT, rep -> BigInt.fromBigInteger(new BigInteger((byte[]) rep))),
              read(BIG_INTEGER, rep -> new BigInteger((byte[]) rep)),
              read(BIG_DECIMAL, TransitHandlers::toBigDecimal)));

  private TransitHandlers() {}

  static Writer<Object> writer(OutputStream out) {
    return TransitFactory.writer(
        TransitFactory.Format.MSGPACK, out, WRITE, TransitFactory.defaultDefaultWriteHandler());
  }

  @SuppressWarnings("rawtypes")
  private static <T> Map.Entry<Class, WriteHandler<?, ?>> write(
      Class<T> type, Function<T, String> tagOf, Function<T, Object> repOf) {
    return Map.entry(type, new Handler<>(tagOf, repOf));
  }

  private static Map.Entry<String, ReadHandler<Object, Object>> read(
      String tag, ReadHandler<Object, Object> handler) {
    return Map.entry(tag, handler);
  }

  /** Whether reading its decimal digits is fast. */
  private static boolean isShort(BigInteger number) {
    return number.bitLength() <= 3 * Limits.DIGIT_COUNT_MAX;
  }

  /** Whether its text can be read: Java writes an exponent that it does not read [JDK-8233760]. */
  private static boolean isReadable(BigDecimal number) {
    long exponent = number.precision() - 1L - number.scale();
    return isShort(number.unscaledValue()) && exponent <= Integer.MAX_VALUE;
  }

  /** Whether reading its text gives the same symbol: it does not with a slash in the name, say. */
  private static boolean isReadable(Symbol symbol) {
    String text = symbol.toString();
    return TransitValues.isWellFormed(text) && Symbol.intern(text).equals(symbol);
  }

  private static Object named(Symbol symbol) {
    return isReadable(symbol) ? symbol.toString() : array(symbol.getNamespace(), symbol.getName());
  }

  private static List<@Nullable Object> array(@Nullable Object first, Object second) {
    return new ArrayList<>(Arrays.asList(first, second));
  }

  /** A tag and a representation; no string form, since no value of a log is a map's key. */
  private record Handler<T>(Function<T, String> tagOf, Function<T, Object> repOf)
      implements WriteHandler<T, Object> {
    @Override
    public String tag(T value) {
      return tagOf.apply(value);
    }

    @Override
    public Object rep(T value) {
      return repOf.apply(value);
    }

    @Override
    public String stringRep(T value) {
      return String.valueOf(repOf.apply(value));
    }

    @Override
    @SuppressWarnings("NullAway") // null is how transit-java says that there is none
    public <V> @Nullable WriteHandler<T, V> getVerboseHandler() {
      return null;
    }
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
