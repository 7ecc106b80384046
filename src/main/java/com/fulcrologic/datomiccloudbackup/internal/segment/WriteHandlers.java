package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.cognitect.transit.WriteHandler;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the classes of a log that transit-java does not write, or writes with a loss. It does not
 * support Clojure classes, writes a Float as a Double, and puts {@code ?} for half a surrogate
 * pair.
 */
final class WriteHandlers {
  /** By class, for {@code TransitFactory.writer}. */
  @SuppressWarnings("rawtypes") // as transit-java declares it
  static final Map<Class, WriteHandler<?, ?>> ALL =
      Map.ofEntries(
          Map.entry(
              String.class,
              new Handler<String>(
                  text -> TransitValues.isWellFormed(text) ? "s" : Tags.UTF_16,
                  text -> TransitValues.isWellFormed(text) ? text : TransitValues.utf16(text))),
          Map.entry(Float.class, new Handler<Float>(number -> Tags.FLOAT, Float::doubleValue)),
          Map.entry(
              BigInt.class,
              new Handler<BigInt>(
                  number -> isShort(number.toBigInteger()) ? "n" : Tags.BIG_INT,
                  number ->
                      isShort(number.toBigInteger())
                          ? number.toString()
                          : number.toBigInteger().toByteArray())),
          Map.entry(
              BigInteger.class,
              new Handler<BigInteger>(number -> Tags.BIG_INTEGER, BigInteger::toByteArray)),
          Map.entry(
              BigDecimal.class,
              new Handler<BigDecimal>(
                  number -> isReadable(number) ? "f" : Tags.BIG_DECIMAL,
                  number ->
                      isReadable(number)
                          ? number.toString()
                          : array((long) number.scale(), number.unscaledValue().toByteArray()))),
          Map.entry(
              Keyword.class,
              new Handler<Keyword>(
                  keyword -> isReadable(keyword.sym) ? ":" : Tags.KEYWORD,
                  keyword -> named(keyword.sym))),
          Map.entry(
              Symbol.class,
              new Handler<Symbol>(
                  symbol -> isReadable(symbol) ? "$" : Tags.SYMBOL, WriteHandlers::named)),
          Map.entry(
              URI.class,
              new Handler<URI>(
                  uri -> TransitValues.isWellFormed(uri.toString()) ? "r" : Tags.URI,
                  URI::toString)),
          Map.entry(
              PersistentVector.class,
              new Handler<PersistentVector>(tuple -> "array", tuple -> tuple)),
          Map.entry(ArrayList.class, new Handler<ArrayList<?>>(list -> "array", list -> list)),
          Map.entry(
              DatabaseFunction.class,
              new Handler<DatabaseFunction>(function -> Tags.FUNCTION, DatabaseFunction::edn)));

  private WriteHandlers() {}

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
}
