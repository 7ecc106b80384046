package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What readers use covers all that is stored. */
class CoverTest {
  @Test
  void readersUseTheLargest() {
    Cover cover = cover(range(0, 5), range(5, 10), range(10, 15), range(0, 10), range(8, 10));
    assertThat(ranges(cover.inUse())).containsExactly(range(0, 10), range(10, 15));
    assertThat(ranges(cover.covered())).containsExactly(range(0, 5), range(5, 10), range(8, 10));
    assertThat(cover.covering(9).orElseThrow().range()).isEqualTo(range(0, 10));
    assertThat(cover.covering(15)).isEmpty();
    assertThat(ranges(cover.inUse(range(3, 5)))).containsExactly(range(0, 10));
  }

  @Test
  void nothingCoversAnEmptyStore() {
    Cover cover = cover();
    assertThat(cover.endT()).isZero();
    assertThat(cover.inUse()).isEmpty();
    assertThat(cover.covered()).isEmpty();
    assertThat(cover.covering(0)).isEmpty();
    assertThat(cover.gaps(0)).isEmpty();
  }

  @Test
  void withoutWhatIsCoveredTheSameIsStored() {
    long seed = Long.getLong("seed", 20_260_301);
    SplittableRandom random = new SplittableRandom(seed);
    for (int world = 0; world < 300; world++) {
      List<TxRange> ranges = new ArrayList<>();
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        long startT = random.nextLong(200);
        TxRange range = range(startT, startT + 1 + random.nextLong(1L << random.nextInt(1, 7)));
        if (!ranges.contains(range)) {
          ranges.add(range);
        }
      }
      Cover all = cover(ranges.toArray(TxRange[]::new));
      Cover used = cover(ranges(all.inUse()).toArray(TxRange[]::new));

      assertThat(used.gaps(0)).as("seed %d", seed).isEqualTo(all.gaps(0));
      assertThat(used.endT()).as("seed %d", seed).isEqualTo(all.endT());
      assertThat(used.covered()).as("seed %d: no one more could go", seed).isEmpty();
      assertThat(all.inUse().size() + all.covered().size()).isEqualTo(ranges.size());
      for (long t = 0; t < all.endT(); t++) {
        long asked = t;
        assertThat(all.covering(t).map(found -> found.range().endT()).orElse(0L))
            .as("seed %d t %d", seed, t)
            .isEqualTo(
                ranges.stream()
                    .filter(range -> range.contains(asked))
                    .mapToLong(TxRange::endT)
                    .max()
                    .orElse(0L));
      }
    }
  }

  private static Cover cover(TxRange... ranges) {
    return new Cover(
        List.of(ranges).stream()
            .map(range -> new StoredSegment(range, 1))
            .sorted(Comparator.comparing(StoredSegment::range))
            .toList());
  }

  private static List<TxRange> ranges(List<StoredSegment> segments) {
    return segments.stream().map(StoredSegment::range).toList();
  }

  private static TxRange range(long startT, long endT) {
    return new TxRange(startT, endT);
  }
}
