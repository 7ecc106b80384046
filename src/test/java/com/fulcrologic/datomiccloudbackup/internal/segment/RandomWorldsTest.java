package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Logs from a seed, cut into segments anywhere; {@code -Dseed=N} replays a failure. */
class RandomWorldsTest {
  private static final List<Object> VALUES = ValuesTest.values();

  @Test
  void whatWasWrittenIsRead() {
    Long fixed = Long.getLong("seed");
    long first = Seeds.seed(RandomWorldsTest.class);
    for (long seed = first; seed < first + (fixed != null ? 1 : 200); seed++) {
      check(seed);
    }
  }

  private static void check(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Transaction> log = log(random);
    List<Transaction> read = new ArrayList<>();
    OptionalLong previousT = OptionalLong.empty();
    int at = 0;
    while (at < log.size()) {
      long startT = previousT.isPresent() ? previousT.getAsLong() + 1 : 0;
      SegmentWriter writer =
          new SegmentWriter(
              Logs.SOURCE, Logs.schema(), startT, previousT, random.nextInt(1, 100_000));
      while (at < log.size() && writer.add(log.get(at))) {
        at++;
      }
      WrittenSegment written = writer.finish();
      Segment segment = Segment.read(written.bytes(), "seed " + seed);
      assertThat(segment.info()).as("seed %s", seed).isEqualTo(written.info());
      segment.transactions().forEach(read::add);
      previousT = OptionalLong.of(segment.info().lastT());
    }
    assertThat(read).as("seed %s", seed).isEqualTo(log);
  }

  private static List<Transaction> log(SplittableRandom random) {
    List<Transaction> log = new ArrayList<>();
    long t = random.nextInt(10);
    for (int i = random.nextInt(1, 40); i > 0; i--) {
      log.add(transaction(random, t));
      t += random.nextInt(5) == 0 ? random.nextInt(1, 1000) : 1;
    }
    return log;
  }

  static Transaction transaction(SplittableRandom random, long t) {
    long tx = random.nextInt(20) == 0 ? random.nextLong() : Transaction.entityId(t);
    List<Datom> datoms = new ArrayList<>();
    long e = tx;
    for (int i = random.nextInt(30); i > 0; i--) {
      e = random.nextBoolean() ? e : random.nextLong();
      long a = random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(100);
      datoms.add(new Datom(e, a, value(random), tx, random.nextInt(4) > 0));
    }
    return new Transaction(t, tx, datoms);
  }

  private static Object value(SplittableRandom random) {
    if (random.nextInt(5) > 0) {
      return scalar(random);
    }
    @Nullable Object[] elements = new @Nullable Object[random.nextInt(2, 9)];
    for (int i = 0; i < elements.length; i++) {
      Object element = scalar(random);
      // Datomic has no tuples of bytes.
      elements[i] = random.nextInt(5) == 0 || element instanceof byte[] ? null : element;
    }
    return Logs.tuple(elements);
  }

  private static Object scalar(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong() >> random.nextInt(64);
      case 1 -> text(random);
      default -> VALUES.get(random.nextInt(VALUES.size()));
    };
  }

  /** Any UTF-16 at all, halves of pairs too. */
  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.append((char) (random.nextBoolean() ? random.nextInt(1 << 16) : random.nextInt(128)));
    }
    return text.toString();
  }
}
