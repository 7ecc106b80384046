package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One who asks again and again, and what that costs. */
final class NewestSegmentTest {
  private static final TxRange SMALL = new TxRange(0, 1_000);

  private final MemoryBackupStore stored = new MemoryBackupStore();
  private final CountingBackupStore store = new CountingBackupStore(stored);
  private final StoredBackup backup = StoredBackup.of(store, "orders");
  private final NewestSegment newest = backup.newestSegment();

  @Test
  void asksOnceAPollWhereNothingComesIn() {
    save(SMALL);
    assertThat(newest.look()).isEqualTo(backup.newest()).isPresent();
    store.reset();

    for (int i = 0; i < 100; i++) {
      assertThat(ranges(newest.poll())).containsExactly(SMALL);
    }

    assertThat(store.listCount()).isEqualTo(100);
    assertThat(store.readCount()).isZero();
  }

  @Test
  void theFirstPollLooks() {
    assertThat(newest.poll()).isEmpty();
    save(SMALL);
    assertThat(ranges(newest.poll())).containsExactly(SMALL);
  }

  /** Whatever the turn that it comes in at. */
  @ParameterizedTest
  @CsvSource({
    "1000, 1010, 2", // of the same level
    "1000, 2001, 6",
    "1000, 1001001, 6",
    "500, 1501, 6" // and overlapping
  })
  void seesWhatComesInSomePollsLate(long startT, long endT, int pollCountMax) {
    TxRange next = new TxRange(startT, endT);
    for (int turn = 0; turn < 6; turn++) {
      MemoryBackupStore fresh = new MemoryBackupStore();
      StoredBackup each = StoredBackup.of(fresh, "orders");
      fresh.create(each.key(SMALL), new byte[] {1});
      NewestSegment watched = each.newestSegment();
      watched.look();
      for (int i = 0; i < turn; i++) {
        watched.poll();
      }
      fresh.create(each.key(next), new byte[] {1});

      int pollCount = 1;
      while (!ranges(watched.poll()).contains(next)) {
        pollCount++;
        assertThat(pollCount).isLessThanOrEqualTo(pollCountMax);
      }
    }
  }

  /** However rare the polls are, nothing stays unseen for much longer than that. */
  @Test
  void looksWhereALevelWasNotAskedForFiveMinutes() {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // it may pass zero at any time
    NewestSegment rare = backup.newestSegment(nanos::get);
    save(SMALL);
    rare.look();
    save(new TxRange(1_000, 9_000));
    nanos.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
    assertThat(ranges(rare.poll())).containsExactly(SMALL);
    nanos.addAndGet(1);
    assertThat(ranges(rare.poll())).containsExactly(new TxRange(1_000, 9_000));
  }

  @Test
  void asksOnceAPollHoweverLongItGoesOn() {
    AtomicLong nanos = new AtomicLong();
    NewestSegment watched = backup.newestSegment(nanos::get);
    save(SMALL);
    watched.look();
    store.reset();
    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(Duration.ofSeconds(45).toNanos());
      watched.poll();
    }
    assertThat(store.listCount()).isEqualTo(100);
  }

  /** From a newest segment of any level. */
  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_000_000, 1_000_000_000})
  void asksForEachLevelInTurn(long span) {
    save(new TxRange(0, span));
    newest.look();
    List<String> asked = new ArrayList<>();
    NewestSegment watched =
        StoredBackup.of(
                new ForwardingBackupStore(stored) {
                  @Override
                  public Stream<StoredObject> list(String prefix, String startAfter) {
                    asked.add(prefix);
                    return super.list(prefix, startAfter);
                  }
                },
                "orders")
            .newestSegment();
    watched.look();
    List<String> all = List.copyOf(asked);
    asked.clear();
    for (int i = 0; i < 6; i++) {
      watched.poll();
    }
    String home = backup.levelPrefix(new TxRange(0, span));
    assertThat(asked).hasSize(6).containsAll(all);
    assertThat(asked.stream().filter(home::equals)).hasSize(4);
  }

  @Test
  void aPollThatFailsChangesNothing() {
    save(SMALL);
    DisturbedStore disturbed = new DisturbedStore(stored);
    NewestSegment watched = StoredBackup.of(disturbed, "orders").newestSegment();
    watched.look();
    disturbed.breakDown();
    assertThatThrownBy(watched::poll).isInstanceOf(StoreException.class);
    disturbed.recover();
    assertThat(ranges(watched.poll())).containsExactly(SMALL);
  }

  /** What comes in elsewhere is not all that came in. */
  @Test
  void answersWithTheFarthestOfAll() {
    save(SMALL);
    newest.look();
    save(new TxRange(1_000, 1_001));
    save(new TxRange(1_001, 9_000));

    assertThat(ranges(newest.poll())).containsExactly(new TxRange(1_001, 9_000));
  }

  /** Nothing of this library removes it; others can. */
  @Test
  void seesThatWhatWasNewestIsGone() {
    save(SMALL);
    save(new TxRange(1_000, 1_010));
    ForgettingStore forgetting = new ForgettingStore(stored);
    NewestSegment watched = StoredBackup.of(forgetting, "orders").newestSegment();
    assertThat(ranges(watched.look())).containsExactly(new TxRange(1_000, 1_010));

    forgetting.forget(backup.key(new TxRange(1_000, 1_010)));
    assertThat(ranges(watched.poll())).containsExactly(SMALL);
    forgetting.forget(backup.key(SMALL));
    assertThat(watched.poll()).isEmpty();
  }

  private static final class ForgettingStore extends ForwardingBackupStore {
    private final Set<String> forgotten = new HashSet<>();

    ForgettingStore(BackupStore store) {
      super(store);
    }

    void forget(String key) {
      forgotten.add(key);
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
      return super.list(prefix, startAfter).filter(object -> !forgotten.contains(object.key()));
    }
  }

  private void save(TxRange range) {
    stored.create(backup.key(range), new byte[] {1});
  }

  private static List<TxRange> ranges(Optional<StoredSegment> segment) {
    return segment.map(StoredSegment::range).stream().toList();
  }
}
