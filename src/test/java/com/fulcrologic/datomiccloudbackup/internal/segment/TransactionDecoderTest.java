package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Beside transit's own reader, which decodes the same bytes. */
@SuppressWarnings("JavaUtilDate") // the class that Datomic uses
class TransactionDecoderTest {
  private static final int SIZE_MAX = 1 << 24;

  private final TransactionEncoder encoder = new TransactionEncoder();
  private TransactionDecoder decoder = new TransactionDecoder();

  /** What a log holds day by day must not be left to the slow way. */
  @Test
  void decodesWhatIsUsualByItself() throws IOException {
    List<Object> values =
        List.of(
            "name",
            "naïve ☃ 𝄞",
            "",
            true,
            5L,
            -1L,
            200L,
            70_000L,
            1L << 40,
            Long.MIN_VALUE,
            1.5,
            1.5f,
            new Date(-1),
            new UUID(1, -2),
            Keyword.intern("order", "state"),
            Keyword.intern(null, "a"),
            Keyword.intern("order", "state"),
            new BigDecimal("12.50"),
            BigInt.fromBigInteger(BigInteger.TEN.pow(30)),
            Logs.tuple("a", null, 7L, Keyword.intern("order", "state")),
            Logs.tuple(new UUID(3, 4), new Date(9)));
    Transaction transaction = transaction(values);
    assertThat(decoded(bytes(transaction))).contains(transaction);
    assertThat(decoder.leftToTransitCount()).isZero();
  }

  /** More keywords than transit's cache has room for, each of them twice. */
  @Test
  void keepsTransitsCacheAsTransitDoes() throws IOException {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      values.add(Keyword.intern("k", "name" + i));
      values.add(Keyword.intern("k", "name" + i / 2));
      values.add((float) i);
    }
    Transaction transaction = transaction(values);
    assertThat(decoded(bytes(transaction))).contains(transaction);
    assertThat(transit(bytes(transaction))).contains(transaction);
  }

  @Test
  void decodesEveryValueLikeTransit() throws IOException {
    for (Object value : ValuesTest.values()) {
      Transaction transaction =
          transaction(
              value instanceof byte[] // Datomic has no tuples of bytes
                  ? List.of(value)
                  : List.of(value, Logs.tuple(value, null, value)));
      assertThat(decoded(bytes(transaction))).contains(transaction);
    }
    assertThat(decoder.leftToTransitCount()).as("rare classes").isPositive();
  }

  /** The same transaction, or refused by both, wherever a byte is another. */
  @Test
  void acceptsNothingElse() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    int acceptedCount = 0;
    for (int i = 0; i < 60; i++) {
      byte[] bytes = bytes(RandomWorldsTest.transaction(random, i));
      for (int j = 0; j < 400; j++) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        if (j % 4 == 0) {
          changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        Optional<Transaction> expected = transit(changed);
        decoder =
            new TransactionDecoder(); // transit's reader is not to be used once it has refused
        Optional<Transaction> actual = decoded(changed);
        assertThat(actual.isPresent()).isEqualTo(expected.isPresent());
        if (!actual.equals(
            expected)) { // as with bytes in a tuple, which are equal by identity only
          assertThat(bytes(actual.orElseThrow())).isEqualTo(bytes(expected.orElseThrow()));
        }
        acceptedCount += expected.isPresent() ? 1 : 0;
      }
    }
    assertThat(acceptedCount).isBetween(1_000, 23_000);
  }

  private static Transaction transaction(List<Object> values) {
    long tx = Transaction.entityId(3);
    List<Datom> datoms = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      datoms.add(new Datom(1_000 + i / 2, 70 + i % 9, values.get(i), tx, i % 3 > 0));
    }
    return new Transaction(3, tx, datoms);
  }

  private byte[] bytes(Transaction transaction) {
    encoder.encode(transaction);
    return Arrays.copyOf(encoder.bytes(), encoder.size());
  }

  /** Empty when it is refused. */
  private Optional<Transaction> decoded(byte[] bytes) throws IOException {
    try {
      ValueCutter cutter = new ValueCutter(new ByteArrayInputStream(bytes), SIZE_MAX);
      return cutter.next() ? Optional.of(decoder.decode(cutter)) : Optional.empty();
    } catch (MalformedValueException | RuntimeException refused) {
      return Optional.empty();
    }
  }

  private static Optional<Transaction> transit(byte[] bytes) throws IOException {
    try {
      ValueCutter cutter = new ValueCutter(new ByteArrayInputStream(bytes), SIZE_MAX);
      return cutter.next()
          ? Optional.of(new TransitDecoder().decodeTransaction(cutter))
          : Optional.empty();
    } catch (MalformedValueException | RuntimeException refused) {
      return Optional.empty();
    }
  }
}
