package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupPlan;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.VerifyOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisguisedLog;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Shares of a log are the log, whoever stores them, in whatever order. */
class ShardingTest {
  private static final BackupOptions OPTIONS = BackupOptions.DEFAULTS.withTransactionCountMax(4);

  private static LocalSystem system;
  private static DatomicConnection source;
  private static TxRange whole;

  private final MemoryBackupStore store = new MemoryBackupStore();
  private final Cloning cloning = Cloning.with(store);

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    whole = new TxRange(0, source.basisT() + 1);
  }

  @Test
  void sharesTouchAndDifferByOneAtMost() {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      long startT = random.nextLong(1_000_000_000_000L);
      TxRange range = new TxRange(startT, startT + random.nextLong(1, 1L << random.nextInt(1, 50)));
      int count = random.nextInt(1, 300);
      long t = range.startT();
      for (int i = 0; i < count; i++) {
        Shard shard = new Shard(i, count);
        assertThat(shard.startT(range)).as("seed %d", seed).isEqualTo(t);
        t = shard.endT(range);
        assertThat(t - shard.startT(range) - range.span() / count)
            .as("seed %d", seed)
            .isBetween(0L, 1L);
      }
      assertThat(t).as("seed %d", seed).isEqualTo(range.endT());
    }
  }

  @Test
  void sharesInAnyOrderAreTheWholeLog() {
    for (int index : new int[] {3, 0, 4, 1, 2}) {
      assertThat(cloning.backupShard("w", source, whole, new Shard(index, 5), OPTIONS).segments())
          .isNotEmpty();
    }
    assertThat(cloning.backupGaps("w")).isEmpty();
    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).isEqual()).isTrue();
    assertThat(cloning.backup("w", source, OPTIONS).segments()).isEmpty();
  }

  /** A segment ends with a transaction: a share that ends where none is would leave a gap. */
  @Test
  void sharesTouchWhereTAreLeftOut() {
    DatomicConnection sparse = new Sparse(source);
    TxRange all = new TxRange(0, sparse.basisT() + 1);
    for (int index = 6; index >= 0; index--) {
      cloning.backupShard("w", sparse, all, new Shard(index, 7), OPTIONS);
    }
    assertThat(cloning.backupGaps("w")).isEmpty();
    assertThat(cloning.backupPlan("w", sparse, 3).range()).isEmpty();
  }

  @Test
  void whoTakesOverMakesTheSameSegments() {
    cloning.backupRange("whole", source, new TxRange(3, 40), OPTIONS);
    // Somebody else's work, and a worker that ended in the middle.
    cloning.backupSegment("parts", source, new TxRange(11, 13));
    cloning.backupSegment("parts", source, new TxRange(20, 21));
    cloning.backupRange("parts", source, new TxRange(3, 40), OPTIONS);
    assertThat(starts(cloning, "parts"))
        .containsAll(starts(cloning, "whole"))
        .contains(13L, 20L, 21L);
    assertThat(cloning.backupGaps("parts")).containsExactly(new TxRange(0, 3));
    List<BackedUpSegment> again =
        cloning.backupRange("parts", source, new TxRange(3, 40), OPTIONS).segments();
    assertThat(again).as("nothing is stored twice").isEmpty();
  }

  @Test
  void aPlanIsWhatIsMissing() {
    BackupPlan first = cloning.backupPlan("w", source, 4);
    assertThat(first.range()).contains(whole);
    assertThat(first.shards()).hasSize(4);
    assertThat(store.list("", "")).as("a plan writes nothing").isEmpty();
    cloning.backupRange("w", source, first.shards().get(0), OPTIONS);
    cloning.backupRange("w", source, first.shards().get(2), OPTIONS);
    BackupPlan rest = cloning.backupPlan("w", source, 2);
    assertThat(rest.range())
        .contains(new TxRange(first.shards().get(0).endT(), source.basisT() + 1));
    assertThat(rest.shards()).hasSize(2);
    for (TxRange shard : rest.shards()) {
      cloning.backupRange("w", source, shard, OPTIONS);
    }
    assertThat(cloning.backupGaps("w")).isEmpty();
    BackupPlan none = cloning.backupPlan("w", source, 2);
    assertThat(none.range()).isEmpty();
    assertThat(none.shards()).isEmpty();
    assertThat(none.basisT()).isEqualTo(source.basisT());
  }

  @Test
  void thereMayBeMoreSharesThanT() {
    TxRange three = new TxRange(0, 3);
    assertThat(new Backup(stored(), source).shards(three, 8))
        .containsExactly(new TxRange(0, 1), new TxRange(1, 2), new TxRange(2, 3));
    assertThat(cloning.backupShard("w", source, three, new Shard(7, 8), OPTIONS).segments())
        .isEmpty();
  }

  @Test
  void whatTheSourceLacksIsRefused() {
    TxRange beyond = new TxRange(0, source.basisT() + 2);
    assertThatThrownBy(() -> cloning.backupRange("w", source, beyond, OPTIONS))
        .isInstanceOf(UnreachablePointException.class)
        .hasMessageContaining("basis is t " + source.basisT());
    assertThatThrownBy(() -> cloning.backupShard("w", source, beyond, new Shard(0, 9), OPTIONS))
        .as("its own share is there, but the others' would not be the same")
        .isInstanceOf(UnreachablePointException.class);
    assertThat(store.list("", "")).isEmpty();
    cloning.backupRange("w", source, whole, OPTIONS);
    DatomicConnection other = system.newDatabase();
    SampleWorld.note(other);
    assertThatThrownBy(() -> cloning.backupPlan("w", other, 2))
        .isInstanceOf(ForkedHistoryException.class);
  }

  private StoredBackup stored() {
    return StoredBackup.of(store, "w");
  }

  private static List<Long> starts(Cloning cloning, String name) {
    List<Long> starts = new ArrayList<>();
    cloning.segments(name).forEach(segment -> starts.add(segment.range().startT()));
    return starts;
  }

  /** T in steps of three; its indexes are not asked. */
  private static final class Sparse extends ForwardingConnection {
    Sparse(DatomicConnection real) {
      super(new DisguisedLog(real));
    }

    @Override
    public Stream<Datom> datoms(View view, Index index, Object... components) {
      return Stream.empty();
    }
  }
}
