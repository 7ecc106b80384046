package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.internal.tools.KeyedHash;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Masks values under a secret. The result depends on the mask, the salt and the value alone, so
 * that equal values stay equal, in all attributes. Different values stay different: longs because
 * they are permuted, all others but for a chance below 2^-40 for ten million of them. The results
 * are part of a target's format. Immutable, thread-safe.
 */
final class Masking {
  private static final Set<Keyword> TYPES =
      Stream.of("string", "keyword", "symbol", "uuid", "long", "bigint", "bigdec", "bytes")
          .map(Masking::type)
          .collect(Collectors.toUnmodifiableSet());

  private static final String NAMESPACE = "masked";
  private static final int HASH_SIZE = 16;
  private static final int ROUND_COUNT = 6;

  private final KeyedHash hash;

  Masking(byte[] salt) {
    this.hash = new KeyedHash(salt);
  }

  private static Keyword type(String name) {
    return Keyword.intern("db.type", name);
  }

  static boolean takes(Mask mask, Keyword valueType) {
    return switch (mask.kind()) {
      case NULL_OUT -> true;
      case TRUNCATE -> valueType.equals(type("string"));
      case HASH, FAKE -> TYPES.contains(valueType);
    };
  }

  /** The beginning of a text; no character beyond the basic plane is split. */
  static Object truncated(Object value, int length) {
    String text = (String) value;
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  /** A value of the same type, of which one cannot see the original. */
  Object hashed(Object value) {
    if (value instanceof String text) {
      return hex("string", text);
    }
    if (value instanceof Keyword keyword) {
      return Keyword.intern(NAMESPACE, "k" + hex("keyword", keyword.toString()));
    }
    if (value instanceof Symbol symbol) {
      return Symbol.intern(NAMESPACE, "s" + hex("symbol", symbol.toString()));
    }
    if (value instanceof Long number) {
      return permuted(number);
    }
    if (value instanceof BigInt || value instanceof BigInteger) {
      return BigInt.fromBigInteger(number("bigint", value.toString()));
    }
    if (value instanceof BigDecimal number) {
      return new BigDecimal(number("bigdec", number.stripTrailingZeros().toString()));
    }
    if (value instanceof byte[] bytes) {
      return hash.of("bytes", bytes);
    }
    if (value instanceof UUID uuid) {
      ByteBuffer bits = ByteBuffer.wrap(hash.of("uuid", uuid.toString()));
      return new UUID(
          (bits.getLong() & ~0xF000L) | 0x4000L, (bits.getLong() << 2 >>> 2) | 1L << 63);
    }
    throw new IllegalStateException("a mask for a " + value.getClass());
  }

  /** A made-up text of the same kind; values of other types are hashed. */
  Object faked(Object value) {
    return value instanceof String text
        ? MadeUpText.like(text, hash.of("fake", text))
        : hashed(value);
  }

  private String hex(String use, String text) {
    return HexFormat.of().formatHex(hash.of(use, text), 0, HASH_SIZE);
  }

  private BigInteger number(String use, String text) {
    return new BigInteger(1, hash.of(use, text), 0, HASH_SIZE);
  }

  /** Permutes the longs of one sign: a Feistel network, repeated until the sign is the same. */
  private long permuted(long number) {
    long result = number;
    do {
      int left = (int) (result >>> Integer.SIZE);
      int right = (int) result;
      for (int round = 0; round < ROUND_COUNT; round++) {
        ByteBuffer half = ByteBuffer.allocate(Integer.BYTES + 1).put((byte) round).putInt(right);
        int next = left ^ ByteBuffer.wrap(hash.of("long", half.array())).getInt();
        left = right;
        right = next;
      }
      result = (long) left << Integer.SIZE | Integer.toUnsignedLong(right);
    } while (result < 0 != number < 0);
    return result;
  }
}
