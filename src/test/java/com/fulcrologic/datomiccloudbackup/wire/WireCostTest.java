package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.BACKUP;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.RESTORE;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.cloning;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a system is asked for: no reply is large, and nothing is sent that is not needed. */
@Timeout(300)
class WireCostTest {
  private static final Keyword DOC = Keyword.intern("db", "doc");

  private static WireSystem system;

  @BeforeAll
  static void start() {
    system = WireSystem.start();
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  void segmentsCostAtMostTwiceTheirTransactions() {
    DatomicConnection source = system.connect(withTransactions("small", 1_500, 1));
    for (boolean isParallel : new boolean[] {false, true}) {
      Cloning cloning = cloning();
      system.counts().reset();
      if (isParallel) {
        cloning.backup("w", source, BACKUP.withTransactionCountMax(50));
      } else {
        while (cloning.backupNextSegment("w", source, 50) instanceof BackedUpSegment) {
          // until nothing is new
        }
      }
      assertThat(system.counts().items("tx-range")).isBetween(1_506L, 2 * 1_506L);
      assertThat(system.counts().calls("next")).isZero();
    }
  }

  @Test
  void aRestoreWithNothingToDoReadsAHandful() {
    Cloning cloning = cloning();
    cloning.backup("w", system.connect(withTransactions("restored", 1_200, 1)), BACKUP);
    String target = empty(system, "restored-target");
    restoreAll(cloning, "w", system.connect(target));
    DatomicConnection again = system.connect(target);
    system.counts().reset();
    assertThat(cloning.restoreSegment("w", again, RESTORE)).isInstanceOf(NothingNewAvailable.class);
    assertThat(system.counts().items("tx-range")).isLessThan(100);
  }

  /** 1 000 transactions of 250 datoms were one reply of 9.6 MB. */
  @Test
  void noReplyIsLarge() {
    DatomicConnection source = system.connect(withTransactions("large", 1_000, 250));
    system.counts().reset();
    cloning().backup("w", source, BACKUP.withTransactionCountMax(1_000));
    assertThat(system.counts().bytesMax()).isLessThan(4 << 20);
    assertThat(system.counts().calls("tx-range")).isLessThan(100);
  }

  private static String withTransactions(String name, int count, int datomCount) {
    empty(system, name);
    DatomicConnection local = system.local(name);
    for (int i = 0; i < count; i++) {
      List<Object> forms = new ArrayList<>();
      for (int j = 0; j < datomCount; j++) {
        forms.add(TxData.add("e" + j, DOC, "the doc " + i + " of " + j));
      }
      local.transact(forms);
    }
    return name;
  }
}
