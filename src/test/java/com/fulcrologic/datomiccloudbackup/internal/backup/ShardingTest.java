package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisguisedLog;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Seeds;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
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
    long seed = Seeds.seed(ShardingTest.class);
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
    assertThat(cloning.storedThrough("w").orElseThrow().t()).isEqualTo(sparse.basisT());
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
  void thereMayBeMoreSharesThanT() {
    TxRange three = new TxRange(0, 3);
    for (int index = 0; index < 3; index++) {
      assertThat(cloning.backupShard("w", source, three, new Shard(index, 8), OPTIONS).segments())
          .extracting(BackedUpSegment::range)
          .containsExactly(new TxRange(index, index + 1));
    }
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
