package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdMapTest {
  @Test
  void isTheMapThatAHashMapIs() {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", 7));
    LongMap ours = new LongMap();
    Map<Long, Long> theirs = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      long key = (random.nextLong(5) << 42) + random.nextLong(20_000);
      if (random.nextBoolean()) {
        ours.put(key, i);
        theirs.put(key, (long) i);
      }
      assertThat(ours.get(key)).isEqualTo(theirs.getOrDefault(key, LongMap.ABSENT));
    }
    assertThat(ours.size()).isEqualTo(theirs.size());
  }

  @Test
  void saysWhenItHasForgotten() {
    IdMap map = new IdMap(true, 8);
    for (long id = 0; id < 8; id++) {
      map.learn(id, id + 100);
    }
    assertThat(map.isComplete()).isTrue();
    assertThat(map.target(0)).isEqualTo(100);
    for (long id = 8; id < 16; id++) {
      map.learn(id, id + 100);
    }
    assertThat(map.isComplete()).isFalse();
    assertThat(map.target(1)).isEqualTo(IdMap.UNKNOWN);
  }

  @Test
  void keepsWhatIsUsed() {
    IdMap map = new IdMap(true, 8);
    for (long id = 0; id < 1_000; id++) {
      map.learn(id, id + 100);
      assertThat(map.target(0)).isEqualTo(100);
    }
  }

  @Test
  void neverClaimsToBeCompleteForATargetThatWasBegunBefore() {
    assertThat(new IdMap(false, 8).isComplete()).isFalse();
  }

  /** Whatever the ids are, what it remembers is right; and what it says is new, is. */
  @ParameterizedTest
  @ValueSource(ints = {2, 8, 40, 300, 5_000, 70_000, IdMap.SIZE_MAX})
  void isRightForAnyIds(int sizeMax) {
    SplittableRandom random = new SplittableRandom(Long.getLong("seed", sizeMax));
    IdMap ours = new IdMap(true, sizeMax);
    Map<Long, Long> theirs = new HashMap<>();
    int strangeness = 1 + random.nextInt(20);
    for (int i = 0; i < 100_000; i++) {
      long source = (random.nextLong(6) << 42) + random.nextLong(20_000);
      if (random.nextInt(3) > 0) {
        long difference = (random.nextLong(7) << 42) + random.nextLong(strangeness * 30L);
        ours.learn(source, theirs.computeIfAbsent(source, each -> each + difference));
      }
      long target = ours.target(source);
      if (target != IdMap.UNKNOWN || ours.isComplete()) {
        assertThat(target).isEqualTo(theirs.getOrDefault(source, IdMap.UNKNOWN));
      }
    }
    assertThat(ours.isComplete()).isEqualTo(sizeMax >= 70_000);
    assertThat(ours.size()).isLessThan(Math.max(300L, sizeMax) * 3 * IdPage.SIZE_MIN);
  }

  @Test
  void tellsIdsApartThatShareAnIndex() {
    IdMap map = new IdMap(true, IdMap.SIZE_MAX);
    for (long partition = 0; partition < 5; partition++) {
      map.learn(partition << 42 | 77, 1_000 + partition);
    }
    for (long partition = 0; partition < 5; partition++) {
      assertThat(map.target(partition << 42 | 77)).isEqualTo(1_000 + partition);
    }
    assertThat(map.target(9L << 42 | 77)).isEqualTo(IdMap.UNKNOWN);
  }

  /** Now and then the source skips an index, so the difference between the indexes changes. */
  @Test
  void holdsWhatDatomicHandsOutInLittle() {
    SplittableRandom random = new SplittableRandom(7);
    IdMap map = new IdMap(true, IdMap.SIZE_MAX);
    long sourceIndex = 1_000;
    long targetIndex = 1_010;
    long count = 0;
    for (long t = 8; t < 600_000; t++) {
      long sourcePartition = random.nextLong(17, 24) << 42;
      long targetPartition = random.nextLong(17, 24) << 42;
      for (int i = 0; i < 5; i++) {
        map.learn(sourcePartition | sourceIndex++, targetPartition | targetIndex++);
      }
      map.learn(3L << 42 | t, 3L << 42 | t + 3);
      count += 6;
      sourceIndex += t % 1_000 == 0 ? 1 : 0;
    }
    assertThat(map.isComplete()).isTrue();
    assertThat(map.size()).isLessThan(count * 3 / 2);
  }
}
