package com.fulcrologic.datomiccloudbackup.internal.fold;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values as bytes, exact by representation. The <em>normal</em> bytes are equal for two values that
 * Datomic takes for one: 1.0M and 1.00M, 0.0 and -0.0, a BigInt and the equal BigInteger.
 */
final class ValueBytes {
  private static final int NIL = 0;
  private static final int LONG = 1;
  private static final int TEXT_ASCII = 2;
  private static final int TEXT_WIDE = 3;
  private static final int FALSE = 4;
  private static final int TRUE = 5;
  private static final int DOUBLE = 6;
  private static final int FLOAT = 7;
  private static final int BIG_INT = 8;
  private static final int BIG_INTEGER = 9;
  private static final int BIG_DECIMAL = 10;
  private static final int DATE = 11;
  private static final int IDENTIFIER = 12;
  private static final int LOCATION = 13;
  private static final int KEYWORD = 14;
  private static final int SYMBOL = 15;
  private static final int TUPLE = 16;
  private static final int BINARY = 17;
  private static final int FUNCTION = 18;
  private static final char ASCII_MAX = 0x7f;

  private ValueBytes() {}

  /** Whether the normal bytes of this value are its exact ones. */
  static boolean isNormal(@Nullable Object value) {
    if (value instanceof Double number) {
      return number != 0 || Double.doubleToRawLongBits(number) == 0;
    }
    if (value instanceof Float number) {
      return number != 0 || Float.floatToRawIntBits(number) == 0;
    }
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().scale() == number.scale();
    }
    if (value instanceof List<?> elements) {
      return elements.stream().allMatch(ValueBytes::isNormal);
    }
    return !(value instanceof BigInteger);
  }

  /** Appends a value as it is, or its normal form. */
  static void put(@Nullable Object value, boolean normal, Bytes out) {
    if (value instanceof Long number) {
      out.put(LONG);
      out.putSigned(number);
    } else if (value instanceof String text) {
      putText(text, out);
    } else if (value == null) {
      out.put(NIL);
    } else if (value instanceof Boolean flag) {
      out.put(flag ? TRUE : FALSE);
    } else if (value instanceof Date date) {
      out.put(DATE);
      out.putSigned(date.getTime());
    } else if (value instanceof UUID identifier) {
      out.put(IDENTIFIER);
      out.putLong(identifier.getMostSignificantBits());
      out.putLong(identifier.getLeastSignificantBits());
    } else if (value instanceof Keyword keyword) {
      out.put(KEYWORD);
      putName(keyword.getNamespace(), keyword.getName(), out);
    } else if (value instanceof Number number) {
      putNumber(number, normal, out);
    } else if (value instanceof List<?> elements) {
      out.put(TUPLE);
      out.putUnsigned(elements.size());
      elements.forEach(element -> put(element, normal, out));
    } else {
      putRare(value, out);
    }
  }

  private static void putNumber(Number value, boolean normal, Bytes out) {
    if (value instanceof Double number) {
      out.put(DOUBLE);
      out.putLong(Double.doubleToLongBits(normal ? number + 0.0 : number));
    } else if (value instanceof Float number) {
      out.put(FLOAT);
      out.putSigned(Float.floatToIntBits(normal ? number + 0.0f : number));
    } else if (value instanceof BigDecimal number) {
      BigDecimal exact = normal ? number.stripTrailingZeros() : number;
      out.put(BIG_DECIMAL);
      out.putSigned(exact.scale());
      putBinary(exact.unscaledValue().toByteArray(), out);
    } else if (value instanceof BigInt number) {
      out.put(BIG_INT);
      putBinary(number.toBigInteger().toByteArray(), out);
    } else if (value instanceof BigInteger number) {
      out.put(normal ? BIG_INT : BIG_INTEGER);
      putBinary(number.toByteArray(), out);
    } else {
      throw unknown(value);
    }
  }

  private static void putRare(Object value, Bytes out) {
    if (value instanceof URI location) {
      out.put(LOCATION);
      putText(location.toString(), out);
    } else if (value instanceof Symbol symbol) {
      out.put(SYMBOL);
      putName(symbol.getNamespace(), symbol.getName(), out);
    } else if (value instanceof byte[] bytes) {
      out.put(BINARY);
      putBinary(bytes, out);
    } else if (value instanceof DatabaseFunction function) {
      out.put(FUNCTION);
      putText(function.edn(), out);
    } else {
      throw unknown(value);
    }
  }

  private static void putBinary(byte[] bytes, Bytes out) {
    out.putUnsigned(bytes.length);
    out.put(bytes, 0, bytes.length);
  }

  private static void putName(@Nullable String namespace, String name, Bytes out) {
    if (namespace == null) {
      out.put(NIL);
    } else {
      putText(namespace, out);
    }
    putText(name, out);
  }

  /** Two bytes for each character beyond ASCII: a text may hold half of a surrogate pair. */
  private static void putText(String text, Bytes out) {
    boolean isAscii = true;
    for (int i = 0; i < text.length() && isAscii; i++) {
      isAscii = text.charAt(i) <= ASCII_MAX;
    }
    out.put(isAscii ? TEXT_ASCII : TEXT_WIDE);
    if (isAscii) {
      putBinary(text.getBytes(StandardCharsets.ISO_8859_1), out);
    } else {
      ByteBuffer characters = ByteBuffer.allocate(text.length() * Character.BYTES);
      characters.asCharBuffer().put(text);
      putBinary(characters.array(), out);
    }
  }

  /** Reads a value; the cursor moves behind it. */
  static @Nullable Object get(ByteBuffer in) {
    int kind = in.get();
    return switch (kind) {
      case NIL -> null;
      case LONG -> Bytes.getSigned(in);
      case TEXT_ASCII, TEXT_WIDE -> text(kind, in);
      case FALSE -> false;
      case TRUE -> true;
      case DOUBLE -> Double.longBitsToDouble(in.getLong());
      case FLOAT -> Float.intBitsToFloat((int) Bytes.getSigned(in));
      case BIG_INT -> BigInt.fromBigInteger(new BigInteger(binary(in)));
      case BIG_INTEGER -> new BigInteger(binary(in));
      case BIG_DECIMAL -> bigDecimal(in);
      case DATE -> new Date(Bytes.getSigned(in));
      case IDENTIFIER -> new UUID(in.getLong(), in.getLong());
      case LOCATION -> URI.create(text(in.get(), in));
      case KEYWORD -> Keyword.intern(nameSpace(in), text(in.get(), in));
      case SYMBOL -> Symbol.intern(nameSpace(in), text(in.get(), in));
      case TUPLE -> tuple(in);
      case BINARY -> binary(in);
      case FUNCTION -> new DatabaseFunction(text(in.get(), in));
      default -> throw new IllegalStateException("no value begins with the byte " + kind);
    };
  }

  private static BigDecimal bigDecimal(ByteBuffer in) {
    int scale = (int) Bytes.getSigned(in);
    return new BigDecimal(new BigInteger(binary(in)), scale);
  }

  private static Object tuple(ByteBuffer in) {
    int count = (int) Bytes.getUnsigned(in);
    List<@Nullable Object> elements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      elements.add(get(in));
    }
    return PersistentVector.create(elements);
  }

  private static byte[] binary(ByteBuffer in) {
    byte[] bytes = new byte[(int) Bytes.getUnsigned(in)];
    in.get(bytes);
    return bytes;
  }

  private static @Nullable String nameSpace(ByteBuffer in) {
    int kind = in.get();
    return kind == NIL ? null : text(kind, in);
  }

  private static String text(int kind, ByteBuffer in) {
    int size = (int) Bytes.getUnsigned(in);
    int first = in.position();
    in.position(first + size);
    return kind == TEXT_ASCII
        ? new String(in.array(), in.arrayOffset() + first, size, StandardCharsets.ISO_8859_1)
        : in.slice(first, size).asCharBuffer().toString();
  }

  private static IllegalStateException unknown(Object value) {
    return new IllegalStateException("a value of " + value.getClass());
  }
}
