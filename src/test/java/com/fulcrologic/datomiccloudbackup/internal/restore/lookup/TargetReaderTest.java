package com.fulcrologic.datomiccloudbackup.internal.restore.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** On a target that holds the even ids below 10 000, and some in another partition. */
class TargetReaderTest {
  private static final long OTHER_PARTITION = 9L << 42;

  private static CountingConnection target;
  private static final Map<Long, Long> THERE = new HashMap<>();

  @BeforeAll
  static void makeTarget() {
    DatomicConnection real = LocalSystem.inMemory().newDatabase();
    Keyword id = Bookkeeping.ORIGINAL_ID;
    real.transact(
        List.of(
            Edn.read(
                "{:db/ident "
                    + id
                    + " :db/valueType :db.type/long"
                    + " :db/cardinality :db.cardinality/one}")));
    List<Object> forms = new ArrayList<>();
    LongStream.concat(
            LongStream.range(0, 5_000).map(i -> 2 * i),
            LongStream.range(0, 10).map(i -> OTHER_PARTITION + i))
        .forEach(source -> forms.add(TxData.add(Long.toString(source), id, source)));
    real.transact(forms)
        .tempids()
        .forEach((source, entity) -> THERE.put(Long.valueOf(source), entity));
    target = new CountingConnection(real);
  }

  @RepeatedTest(20)
  void findsExactlyWhatIsThere(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    int density = 1 + random.nextInt(300);
    long[] wanted =
        random
            .longs(1 + random.nextInt(200), 0, 11_000)
            .map(id -> random.nextInt(10) == 0 ? OTHER_PARTITION + id % 20 : id / density)
            .distinct()
            .sorted()
            .toArray();
    Map<Long, Long> found = resolve(wanted);
    for (long id : wanted) {
      assertThat(found.get(id)).as("id %s", id).isEqualTo(THERE.get(id));
    }
  }

  @Test
  void answersAStretchOfNewIdsAtOnce() {
    int before = target.readCount();
    assertThat(resolve(LongStream.range(20_000, 30_000).toArray())).isEmpty();
    assertThat(target.readCount() - before).isEqualTo(1);
  }

  @Test
  void readsAStretchOfNeighboursByThePage() {
    int before = target.readCount();
    assertThat(resolve(LongStream.range(0, 10_000).toArray())).hasSize(5_000);
    assertThat(target.readCount() - before).isLessThan(15);
  }

  private static Map<Long, Long> resolve(long[] wanted) {
    Map<Long, Long> found = new HashMap<>();
    new TargetReader(target, RetryPolicy.DEFAULT).resolve(wanted, found::put);
    return found;
  }
}
