package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Segments whose every hash is right, and which are not of the log that the target holds: made by
 * hand, for no backup writes such ones.
 */
class UnconnectedSegmentTest {
  private static final SourceIdentity IDENTITY = new SourceIdentity("by hand", null);

  /** The target holds everything up to it. */
  private static final long STANDS_AT = 19;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static List<Transaction> log;

  private StoredBackup backup;
  private DatomicConnection target;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    try (Stream<Transaction> all = source.txRange(new TxRange(0, source.basisT() + 1))) {
      log = all.toList();
    }
  }

  @BeforeEach
  void restoreTheBeginning() {
    backup = StoredBackup.of(new MemoryBackupStore(), "w");
    target = system.newDatabase();
    save(0, OptionalLong.empty(), t -> t <= STANDS_AT);
    restoreAll(new Restoring(backup), target, OPTIONS);
  }

  /** Between its predecessor and where the target stands, there would be transactions. */
  @Test
  void refusesASegmentThatFollowsUponAnotherT() {
    save(STANDS_AT + 1, OptionalLong.of(STANDS_AT - 2), t -> t > STANDS_AT);
    refuses("it continues after t 17, and the target holds the source up to t 19");
  }

  @Test
  void refusesASegmentThatFollowsUponNothing() {
    save(STANDS_AT + 1, OptionalLong.empty(), t -> t > STANDS_AT);
    refuses("it continues after t -1, and the target holds the source up to t 19");
  }

  /** It begins before, and tells of another transaction before the next. */
  @Test
  void refusesASegmentThatLacksTheTransactionWhereTheTargetStands() {
    save(STANDS_AT - 3, OptionalLong.of(STANDS_AT - 4), t -> t != STANDS_AT);
    refuses("it continues after t 18, and the target holds the source up to t 19");
  }

  @Test
  void continuesWithASegmentThatFollowsUponWhereItStands() {
    save(STANDS_AT + 1, OptionalLong.of(STANDS_AT), t -> t > STANDS_AT);
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  private void refuses(String reason) {
    CountingConnection watched = new CountingConnection(target);
    assertThatThrownBy(() -> new Restoring(backup).restoreSegment(watched, OPTIONS))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining(reason);
    assertThat(watched.transactCount()).as("transactions sent").isZero();
  }

  private void save(long startT, OptionalLong previousT, LongPredicate which) {
    Schema schema = new Schema();
    log.stream().takeWhile(each -> each.t() < startT).forEach(schema::apply);
    SegmentWriter writer = new SegmentWriter(IDENTITY, schema, startT, previousT, 1 << 20);
    for (Transaction each : log) {
      if (each.t() >= startT && which.test(each.t())) {
        assertThat(writer.add(each)).isTrue();
      }
    }
    backup.save(writer.finish());
  }
}
