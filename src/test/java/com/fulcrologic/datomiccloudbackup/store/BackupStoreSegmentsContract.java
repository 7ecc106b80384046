package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What becomes of segments in every {@link BackupStore}, whoever writes and reads them, and in
 * whatever state they are: a part of {@link BackupStoreContract}.
 */
abstract class BackupStoreSegmentsContract extends BackupStoreListingContract {
  /** How many places of a segment are spoiled: each costs a write and some reads. */
  private static final int PLACE_COUNT = 24;

  /** As writers of two processes do, each with a pace and a rhythm of its own. */
  @Test
  void twoWritersOfShiftedRangesLoseNothing() throws Exception {
    BackupStore store = emptyStore();
    BackupStore other = sameStore(store);
    int end = 240;
    inParallel(
        4,
        writer -> {
          StoredBackup backup = StoredBackup.of(writer % 2 == 0 ? store : other, "orders");
          SplittableRandom random = new SplittableRandom(writer);
          for (int start = 0; start < end; ) {
            // Two of them, one on either side, write the same ranges; the other two shifted ones.
            int span = writer < 2 ? 8 : 3 + 2 * writer;
            TxRange range = new TxRange(start, Math.min(end, start + span));
            backup.save(range, facts(range), Arrays::equals);
            Thread.sleep(random.nextInt(3));
            start += span;
          }
          return true;
        });

    StoredBackup backup = StoredBackup.of(sameStore(store), "orders");
    assertThat(backup.gaps(0)).isEmpty();
    assertThat(backup.foreignKeys().count()).isZero();
    assertThat(backup.newest().orElseThrow().range().endT()).isEqualTo(end);
    assertThat(backup.segments()).hasSize(30 + 35 + 27);
    for (StoredSegment segment : backup.segments()) {
      assertThat(backup.load(segment.range())).isEqualTo(facts(segment.range()));
    }
  }

  private static byte[] facts(TxRange range) {
    byte[] facts = new byte[(int) range.span()];
    IntStream.range(0, facts.length).forEach(i -> facts[i] = (byte) (range.startT() + i));
    return facts;
  }

  /** Whoever got no reply sends the same again, and finds his own object. */
  @Test
  void aWriteWhoseReplyWasLostIsSafeToRepeat() {
    BackupStore store = emptyStore();
    StoredBackup backup = StoredBackup.of(store, "orders");
    TxRange range = new TxRange(0, 10);
    store.create(backup.key(range), facts(range)); // and the reply is lost

    assertThat(backup.save(range, facts(range), Arrays::equals)).isFalse();
    assertThat(
            StoredBackup.of(sameStore(store), "orders").save(range, facts(range), Arrays::equals))
        .isFalse();

    assertThat(backup.load(range)).isEqualTo(facts(range));
    assertThat(backup.segments()).hasSize(1);
  }

  @Test
  void keepsHostileNamesApart() {
    BackupStore store = emptyStore();
    List<String> names = ContractNames.hostile();
    for (int i = 0; i < names.size(); i++) {
      StoredBackup.of(store, names.get(i))
          .save(new TxRange(0, 1), new byte[] {(byte) i}, Arrays::equals);
    }

    for (int i = 0; i < names.size(); i++) {
      assertThat(StoredBackup.of(sameStore(store), names.get(i)).load(new TxRange(0, 1)))
          .isEqualTo(new byte[] {(byte) i});
    }
    assertThat(StoredBackup.names(store))
        .containsExactlyElementsOf(names.stream().sorted().toList());
  }

  /** The claim's race: one of two databases gets a free name, and everybody is told which. */
  @Test
  void letsExactlyOneOfManySourcesClaim() throws Exception {
    BackupStore store = emptyStore();
    BackupStore other = sameStore(store);
    Ownership here = StoredBackup.of(store, "orders").ownership();
    Ownership there = StoredBackup.of(other, "orders").ownership();
    List<Boolean> claimed =
        inParallel(RACERS, racer -> (racer % 2 == 0 ? here : there).add(claim(racer)));

    assertThat(claimed).containsOnlyOnce(true);
    assertThat(StoredBackup.of(other, "orders").ownership().claims())
        .containsExactly(claim((byte) claimed.indexOf(true)));
  }

  private static SourceClaim claim(byte racer) {
    return new SourceClaim(SourceClaim.Reason.FIRST, new SourceIdentity("database-" + racer, null));
  }

  @Test
  void aMissingSegmentIsAGapThatIsNamedAndCanBeFilled() {
    StoredBackup backup = StoredBackup.of(emptyStore(), "orders");
    save(backup, new TxRange(0, 10));
    save(backup, new TxRange(20, 30));
    save(backup, new TxRange(3_000, 4_500));

    assertThat(backup.gaps(0)).containsExactly(new TxRange(10, 20), new TxRange(30, 3_000));
    assertThat(backup.covering(9).orElseThrow().range()).isEqualTo(new TxRange(0, 10));
    assertThat(backup.covering(10)).isEmpty();
    assertThat(backup.covering(30)).isEmpty();
    assertThat(backup.newest().orElseThrow().range()).isEqualTo(new TxRange(3_000, 4_500));
    assertThatThrownBy(() -> backup.load(new TxRange(10, 20)))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("t 10 to 19");
    save(backup, new TxRange(10, 20));
    save(backup, new TxRange(30, 3_000));

    assertThat(backup.gaps(0)).isEmpty();
    assertThat(backup.covering(10).orElseThrow().range()).isEqualTo(new TxRange(10, 20));
  }

  private static void save(StoredBackup backup, TxRange range) {
    assertThat(backup.save(range, new byte[1], Arrays::equals)).isTrue();
  }

  /** Cut short, or with a bit changed: found before any of its transactions is seen. */
  @Test
  void aSpoiledSegmentIsFoundAndItsNeighboursAreRead() {
    BackupStore store = emptyStore();
    StoredBackup backup = StoredBackup.of(store, "orders");
    byte[] sound = ContractSegments.of(new TxRange(0, 10));
    List<byte[]> spoiled = new ArrayList<>();
    for (int i = 0; i < PLACE_COUNT; i++) {
      int place = (int) ((long) sound.length * i / PLACE_COUNT);
      byte[] flipped = sound.clone();
      flipped[place] ^= (byte) (1 << i % Byte.SIZE);
      spoiled.add(flipped);
      spoiled.add(Arrays.copyOf(sound, Math.max(1, place)));
    }
    requireRefused(store, backup, spoiled);
  }

  /** Written by somebody who means no good: refused in bounded time and memory. */
  @Test
  @Timeout(120)
  void aHostileSegmentIsRefusedAndItsNeighboursAreRead() {
    BackupStore store = emptyStore();
    requireRefused(store, StoredBackup.of(store, "orders"), ContractSegments.hostile());
  }

  /** Between each two of them a sound one. */
  private void requireRefused(BackupStore store, StoredBackup backup, List<byte[]> contents) {
    for (int i = 0; i < contents.size(); i++) {
      TxRange range = new TxRange(20L * i, 20L * i + 10);
      TxRange neighbour = new TxRange(20L * i + 10, 20L * i + 20);
      assertThat(store.create(backup.key(range), contents.get(i))).isTrue();
      assertThat(store.create(backup.key(neighbour), ContractSegments.of(neighbour))).isTrue();
    }
    StoredBackup fresh = StoredBackup.of(sameStore(store), "orders");
    assertThat(fresh.segments()).hasSize(2 * contents.size());
    for (int i = 0; i < contents.size(); i++) {
      TxRange range = new TxRange(20L * i, 20L * i + 10);
      TxRange neighbour = new TxRange(20L * i + 10, 20L * i + 20);
      assertThatThrownBy(() -> transactions(fresh.segment(range)))
          .as("number %d", i)
          .isInstanceOfAny(ContractSegments.REFUSALS)
          .hasMessageContaining(range.toString());
      assertThatCode(() -> assertThat(transactions(fresh.segment(neighbour))).hasSize(10))
          .doesNotThrowAnyException();
    }
  }

  private static List<Transaction> transactions(Segment segment) {
    try (Stream<Transaction> transactions = segment.transactions()) {
      return transactions.toList();
    }
  }

  /** However large an object is, no more of it is read than the largest segment takes. */
  @Test
  void anObjectThatIsTooLargeForASegmentIsRefused() {
    BackupStore store = emptyStore();
    StoredBackup backup = StoredBackup.of(store, "orders", /* segmentSizeMax= */ 100);
    store.create(backup.key(new TxRange(0, 10)), new byte[100]);
    store.create(backup.key(new TxRange(10, 20)), new byte[101]);

    assertThat(backup.load(new TxRange(0, 10))).hasSize(100);
    assertThatThrownBy(() -> backup.load(new TxRange(10, 20)))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("t 10 to 19");
  }
}
