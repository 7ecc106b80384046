package com.fulcrologic.datomiccloudbackup.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.testing.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exact, whatever the ids; and small, where they are Datomic's. */
class IdPairsTest {
  private static final long SEED = Seeds.seed(IdPairsTest.class);
  private static final int PAIR_COUNT = 12_000;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final IdPairs ids = new IdPairs(Long.MAX_VALUE);
  private final Map<Long, Long> targets = new HashMap<>();
  private final Map<Long, Long> sources = new HashMap<>();

  /** How ids come. */
  private enum Sequence {
    /** One counter on each side, and other partitions in each transaction. */
    DATOMIC,
    /** A counter for each partition of the source. */
    COUNTER_PER_PARTITION,
    /** With raw ids of the source's user, and ids out of order. */
    DISORDERED,
    /** From the last to the first. */
    DESCENDING,
    /** In a small range, where runs meet, and ids are met again. */
    CROWDED,
    /** Anything. */
    RANDOM
  }

  @ParameterizedTest
  @EnumSource
  void knowsWhatAHashMapKnows(Sequence sequence) {
    long[] counters = new long[32];
    for (long t = 0; targets.size() + (t / 4) < PAIR_COUNT; t++) {
      add(Transaction.entityId(10 + t), Transaction.entityId(11 + t));
      long sourcePartition = 17L + random.nextInt(7);
      long targetPartition = 17L + random.nextInt(7);
      for (int i = random.nextInt(9); i > 0; i--) {
        long n = counters[0]++;
        long target = id(targetPartition, 200 + n);
        switch (sequence) {
          case DATOMIC -> add(id(sourcePartition, 100 + n), target);
          case COUNTER_PER_PARTITION ->
              add(id(sourcePartition, counters[(int) sourcePartition]++), target);
          case DISORDERED ->
              add(
                  random.nextInt(20) == 0
                      ? id(random.nextInt(1_000), random.nextLong(1L << 42))
                      : id(sourcePartition, 100 + (n ^ random.nextInt(8))),
                  id(targetPartition, 200 + (n ^ random.nextInt(4))));
          case DESCENDING -> add(id(17, PAIR_COUNT * 9L - n), id(18, PAIR_COUNT * 9L - n));
          case CROWDED -> {
            long source = id(17, random.nextInt(PAIR_COUNT));
            add(source, random.nextInt(3) == 0 ? id(18, random.nextInt(PAIR_COUNT)) : source + 7);
          }
          case RANDOM -> add(random.nextLong(), random.nextLong());
        }
      }
    }
    assertThat(ids.count()).isEqualTo(targets.size());
    targets.forEach((source, target) -> assertKnown(source, target));
    for (long source : targets.keySet()) {
      for (long near : new long[] {source - 1, source + 1, source ^ (1L << 42)}) {
        assertThat(ids.target(near)).as(seed()).isEqualTo(targets.getOrDefault(near, IdPairs.NONE));
      }
    }
    for (long target : sources.keySet()) {
      for (long near : new long[] {target - 1, target + 1, target ^ (1L << 42)}) {
        assertThat(ids.source(near)).as(seed()).isEqualTo(sources.getOrDefault(near, IdPairs.NONE));
      }
    }
  }

  @Test
  void theExtremesAreIdsLikeOthers() {
    long[] extremes = {
      Long.MIN_VALUE + 1, Long.MAX_VALUE, -1, 0, 1, Long.MAX_VALUE - 1, (1L << 42) - 1, 1L << 42
    };
    for (long source : extremes) {
      add(source, -source - 17);
    }
    targets.forEach(this::assertKnown);
    assertThat(ids.target(2)).isEqualTo(IdPairs.NONE);
    assertThat(ids.target(Long.MIN_VALUE + 2)).isEqualTo(IdPairs.NONE);
    assertThat(ids.add(IdPairs.NONE, 5)).isFalse();
    assertThat(ids.add(5, IdPairs.NONE)).isFalse();
    assertThat(ids.source(5)).isEqualTo(IdPairs.NONE);
  }

  /** 20 000 transactions as a restore makes them: one constant difference between the indexes. */
  @Test
  void growsByTransactionsAndNotByEntities() {
    long few = sizeAfter(20_000, 5);
    long many = sizeAfter(20_000, 50);
    assertThat(few).isLessThan(250_000); // 48 to 96 bytes for each of 120 000 were 5.8 MB at least
    assertThat(many).isLessThan(few * 3 / 2);
  }

  @Test
  void endsLoudlyWhereThereIsNoMemory() {
    IdPairs bounded = new IdPairs(100_000);
    assertThatThrownBy(
            () -> {
              while (bounded.add(random.nextLong(), random.nextLong())) {
                assertThat(bounded.size()).isLessThan(101_000);
              }
            })
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("entities take");
  }

  private static long sizeAfter(int transactionCount, int entityCount) {
    SplittableRandom partitions = new SplittableRandom(1);
    IdPairs pairs = new IdPairs(Long.MAX_VALUE);
    long n = 0;
    for (long t = 0; t < transactionCount; t++) {
      long sourcePartition = 17L + partitions.nextInt(7);
      long targetPartition = 17L + partitions.nextInt(7);
      assertThat(pairs.add(Transaction.entityId(t), Transaction.entityId(t + 1))).isTrue();
      for (int i = 0; i < entityCount; i++, n++) {
        pairs.add(id(sourcePartition, 100 + n), id(targetPartition, 200 + n));
      }
    }
    assertThat(pairs.count()).isEqualTo((long) transactionCount * (entityCount + 1));
    return pairs.size();
  }

  private void add(long source, long target) {
    boolean isNew = !targets.containsKey(source) && !sources.containsKey(target);
    assertThat(ids.add(source, target)).as(seed()).isEqualTo(isNew);
    if (isNew) {
      targets.put(source, target);
      sources.put(target, source);
    }
    assertKnown(source, targets.getOrDefault(source, IdPairs.NONE));
  }

  private void assertKnown(long source, long target) {
    assertThat(ids.target(source)).as(seed()).isEqualTo(target);
    if (target != IdPairs.NONE) {
      assertThat(ids.source(target)).as(seed()).isEqualTo(source);
    }
  }

  private static String seed() {
    return "-Dseed=" + SEED;
  }

  private static long id(long partition, long index) {
    return partition << Transaction.INDEX_BITS | index;
  }
}
