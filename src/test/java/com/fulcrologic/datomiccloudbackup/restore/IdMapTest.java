package com.fulcrologic.datomiccloudbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

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
}
