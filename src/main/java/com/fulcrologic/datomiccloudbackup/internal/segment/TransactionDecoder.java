package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decodes transactions from the bytes that a {@link ValueCutter} has cut, straight into datoms,
 * with all common values of a log. The rest (rare classes, escapes, anything that looks wrong) is
 * left to transit's own reader. It begins again with the whole transaction, and refuses what is
 * malformed. One thread.
 */
final class TransactionDecoder {
  private static final int CACHE_SIZE = 44 * 44; // [transit format, caching]
  private static final int CACHE_DIGIT_BASE = 44;
  private static final char CACHE_DIGIT_FIRST = '0';
  private static final int CACHED_SIZE_MIN = 4;
  private static final int KEYWORD_SLOT_COUNT = 1 << 10;

  private final TransitDecoder transit = new TransitDecoder();
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final Object[] cache = new Object[CACHE_SIZE];
  private final KnownKeyword[] keywords = new KnownKeyword[KEYWORD_SLOT_COUNT];
  private byte[] bytes = {};
  private int position;
  private int cachedCount;
  private long leftToTransitCount;

  /** A keyword that was met before, in any transaction, with the bytes that stand for it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record KnownKeyword(byte[] text, Keyword keyword) {
    boolean isAt(byte[] bytes, int start, int end) {
      return Arrays.equals(text, 0, text.length, bytes, start, end);
    }
  }

  /** The first element of an array that is a tagged value. */
  private record Tag(String name) {}

  /** The part that is left to transit's own reader. */
  private static final class Unusual extends Exception {
    private static final long serialVersionUID = 1L;

    Unusual() {
      super(null, null, false, false);
    }
  }

  Transaction decode(ValueCutter cutter) throws IOException {
    bytes = cutter.bytes();
    position = cutter.offset();
    cachedCount = 0;
    try {
      Transaction transaction = transaction();
      if (position == cutter.offset() + cutter.size()) {
        return transaction;
      }
    } catch (Unusual | RuntimeException leftToTransit) {
      // which judges
    }
    leftToTransitCount++;
    return transit.decodeTransaction(cutter);
  }

  /** How many transactions transit's own reader has decoded. */
  long leftToTransitCount() {
    return leftToTransitCount;
  }

  private Transaction transaction() throws Unusual {
    int datomCount = TransactionEncoder.datomCount(arraySize(head()));
    if (datomCount < 0) {
      throw new Unusual();
    }
    long t = integer(head());
    long tx = integer(head());
    Datom[] datoms = new Datom[datomCount];
    long e = -1;
    for (int i = 0; i < datomCount; i++) {
      int head = head();
      if (head != 0xc0) {
        e = integer(head);
      } else if (i == 0) {
        throw new Unusual();
      }
      long a = integer(head());
      Object v = value();
      if (v == null || v instanceof Tag) {
        throw new Unusual();
      }
      datoms[i] = new Datom(e, a, v, tx, bool(head()));
    }
    return new Transaction(t, tx, Arrays.asList(datoms));
  }

  private int head() {
    return bytes[position++] & 0xff;
  }

  private @Nullable Object value() throws Unusual {
    int head = head();
    if (head < 0x80 || head >= 0xe0) {
      return (long) (byte) head;
    }
    if (head < 0x90) {
      throw new Unusual(); // a map
    }
    if (head < 0xa0) {
      return array(head & 0x0f);
    }
    if (head < 0xc0) {
      return string(head & 0x1f);
    }
    return switch (head) {
      case 0xc0 -> null;
      case 0xc2 -> false;
      case 0xc3 -> true;
      case 0xcb -> Double.longBitsToDouble(number(8));
      case 0xd9 -> string((int) number(1));
      case 0xda -> string((int) number(2));
      case 0xdb -> string((int) number(4));
      case 0xdc -> array((int) number(2));
      default -> integer(head);
    };
  }

  private static boolean bool(int head) throws Unusual {
    if (head != 0xc2 && head != 0xc3) {
      throw new Unusual();
    }
    return head == 0xc3;
  }

  private long integer(int head) throws Unusual {
    if (head < 0x80 || head >= 0xe0) {
      return (byte) head;
    }
    return switch (head) {
      case 0xcc -> number(1);
      case 0xcd -> number(2);
      case 0xce -> number(4);
      case 0xd0 -> (byte) number(1);
      case 0xd1 -> (short) number(2);
      case 0xd2 -> (int) number(4);
      case 0xd3 -> number(8);
      case 0xcf -> unsigned(number(8));
      default -> throw new Unusual();
    };
  }

  private static long unsigned(long number) throws Unusual {
    if (number < 0) {
      throw new Unusual();
    }
    return number;
  }

  private int arraySize(int head) throws Unusual {
    if (head >= 0x90 && head < 0xa0) {
      return head & 0x0f;
    }
    return switch (head) {
      case 0xdc -> (int) number(2);
      case 0xdd -> (int) number(4);
      default -> throw new Unusual();
    };
  }

  /** The next number of this size, big-endian. */
  private long number(int size) {
    long number = 0;
    for (int i = 0; i < size; i++) {
      number = number << 8 | (bytes[position++] & 0xff);
    }
    return number;
  }

  /** The next array: a tuple, or a tagged value. */
  private Object array(int size) throws Unusual {
    if (size == 0) {
      return PersistentVector.EMPTY;
    }
    Object first = value();
    if (first instanceof Tag tag) {
      if (size != 2) {
        throw new Unusual();
      }
      return tagged(tag.name());
    }
    @Nullable Object[] elements = new Object[size];
    elements[0] = first;
    for (int i = 1; i < size; i++) {
      elements[i] = value();
    }
    for (Object element : elements) {
      if (element instanceof Tag || element instanceof PersistentVector) {
        throw new Unusual();
      }
    }
    return PersistentVector.create(elements);
  }

  @SuppressWarnings("JavaUtilDate") // the class that Datomic uses
  private Object tagged(String name) throws Unusual {
    int head = head();
    return switch (name) {
      case "m" -> new Date(integer(head));
      case "u" -> uuid(head);
      case TransitHandlers.FLOAT -> single(head);
      default -> throw new Unusual();
    };
  }

  private UUID uuid(int head) throws Unusual {
    if (arraySize(head) != 2) {
      throw new Unusual();
    }
    long high = integer(head());
    return new UUID(high, integer(head()));
  }

  private Float single(int head) throws Unusual {
    double number = head == 0xcb ? Double.longBitsToDouble(number(8)) : Double.NaN;
    float narrow = (float) number;
    if (Double.isNaN(number) || Double.compare(narrow, number) != 0) {
      throw new Unusual();
    }
    return narrow;
  }

  private Object string(int size) throws Unusual {
    int start = position;
    position += size;
    int first = size == 0 ? 'a' : bytes[start];
    if (first == '^') {
      return cached(start, size);
    }
    if (first != '~') {
      return text(start, size);
    }
    return switch (size == 1 ? ' ' : bytes[start + 1]) {
      case ':' -> cache(keyword(start, size), size);
      case '#' -> cache(new Tag(text(start + 2, size - 2)), size);
      case 'f' -> new BigDecimal(digits(start, size));
      case 'n' -> BigInt.fromBigInteger(new BigInteger(digits(start, size)));
      default -> throw new Unusual();
    };
  }

  private Object cache(Object value, int size) {
    if (size >= CACHED_SIZE_MIN) {
      if (cachedCount == CACHE_SIZE) {
        cachedCount = 0;
      }
      cache[cachedCount++] = value;
    }
    return value;
  }

  private Object cached(int start, int size) throws Unusual {
    int index = -1;
    if (size == 2) {
      index = bytes[start + 1] - CACHE_DIGIT_FIRST;
    } else if (size == 3) {
      index =
          (bytes[start + 1] - CACHE_DIGIT_FIRST) * CACHE_DIGIT_BASE
              + (bytes[start + 2] - CACHE_DIGIT_FIRST);
    }
    if (index < 0 || index >= cachedCount) {
      throw new Unusual(); // also of a round before, where transit's reader knows
    }
    return cache[index];
  }

  private Keyword keyword(int start, int size) throws Unusual {
    int hash = 1;
    for (int i = start; i < start + size; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ hash >>> 16) & (KEYWORD_SLOT_COUNT - 1);
    KnownKeyword known = keywords[slot];
    if (known != null && known.isAt(bytes, start, start + size)) {
      return known.keyword;
    }
    Keyword keyword = Keyword.intern(Symbol.intern(text(start + 2, size - 2)));
    keywords[slot] = new KnownKeyword(Arrays.copyOfRange(bytes, start, start + size), keyword);
    return keyword;
  }

  private String digits(int start, int size) throws Unusual {
    if (size > Limits.DIGIT_COUNT_MAX) {
      throw new Unusual();
    }
    return text(start + 2, size - 2);
  }

  private String text(int start, int size) throws Unusual {
    for (int i = start; i < start + size; i++) {
      if (bytes[i] < 0) {
        return decoded(start, size);
      }
    }
    return new String(bytes, start, size, StandardCharsets.ISO_8859_1);
  }

  private String decoded(int start, int size) throws Unusual {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes, start, size)).toString();
    } catch (CharacterCodingException malformed) {
      throw new Unusual();
    }
  }
}
