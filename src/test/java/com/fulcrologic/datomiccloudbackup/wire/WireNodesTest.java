package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.BACKUP;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.RESTORE;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.VERIFY;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.assertEqual;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.cloning;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.connect;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.filled;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.wire.CloudOperations.Dbs;
import com.fulcrologic.datomiccloudbackup.wire.WireReply.Fate;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes that are behind each other, and outcomes that nobody told. */
@Timeout(300)
class WireNodesTest {
  private static WireSystem system;

  @BeforeAll
  static void start() {
    system = WireSystem.start(2);
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  /** One of two nodes is behind; each step is made on a new connection, as by a new process. */
  @Test
  void aNodeThatIsBehindIsNoForkAndNoDifference() {
    String name = filled(system, "lagging");
    String target = empty(system, "lagging-target");
    Cloning cloning = cloning();
    for (int round = 1; round <= 4; round++) {
      SampleWorld.grow(system.local(name), round);
      cloning.backup("w", connect(system, name), BACKUP);
      restoreAll(cloning, "w", connect(system, target));
      system.nodes().lagT(round % 2, 3);
      try {
        assertThat(cloning.backup("w", connect(system, name), BACKUP).segments()).isEmpty();
        assertThat(cloning.status("w", connect(system, name)).lag().t()).isZero();
        cloning.repairBackup("w", connect(system, name), BACKUP);
        long endT = system.local(name).basisT() + 1;
        cloning.backupRange("w", connect(system, name), new TxRange(0, endT), BACKUP);
        assertThat(cloning.restoreSegment("w", connect(system, target), RESTORE))
            .isInstanceOf(NothingNewAvailable.class);
        assertEqual(cloning.verifyStored("w", connect(system, name), VERIFY));
        assertEqual(cloning.verify("w", connect(system, target), VERIFY));
        assertEqual(cloning.verify(connect(system, name), connect(system, target), VERIFY));
      } finally {
        system.nodes().lagT(round % 2, 0);
      }
    }
  }

  /** Both nodes stay behind: that is told as what it is, and after a bounded wait. */
  @Test
  void aSourceThatStaysBehindIsIncomplete() {
    String name = filled(system, "behind");
    Cloning cloning = cloning();
    cloning.backup("w", connect(system, name), BACKUP);
    system.nodes().lagT(0, 5);
    system.nodes().lagT(1, 5);
    try {
      assertThatThrownBy(() -> cloning.backup("w", connect(system, name), BACKUP))
          .isInstanceOf(IncompleteBackupException.class)
          .hasMessageContaining("is behind");
    } finally {
      system.nodes().lagT(0, 0);
      system.nodes().lagT(1, 0);
    }
  }

  /** A database of another past is one, whatever the nodes do. */
  @Test
  void aForkIsStillFound() {
    String name = withNotes("forked", "one past");
    String other = withNotes("fork", "another past");
    Cloning cloning = cloning();
    cloning.backup("w", connect(system, name), BACKUP);
    DatomicConnection fork =
        new ForwardingConnection(connect(system, other)) {
          @Override
          public String databaseId() {
            return connect(system, name).databaseId();
          }
        };
    assertThatThrownBy(() -> cloning.backup("w", fork, BACKUP))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("its t 7 has the hash");
  }

  /** Two transactions, of which the first is always the same. */
  private static String withNotes(String name, String note) {
    DatomicConnection local = system.local(empty(system, name));
    for (String doc : List.of("the beginning", note)) {
      local.transact(
          List.of(
              TxData.add(TxData.CURRENT_TRANSACTION, Keyword.intern("db", "doc"), doc),
              TxData.add(
                  TxData.CURRENT_TRANSACTION, Keyword.intern("db", "txInstant"), new Date(1))));
    }
    return name;
  }

  /** A transact that was committed, of which nothing comes back, whatever replies tell. */
  @ParameterizedTest
  @EnumSource(Dbs.class)
  void anOutcomeThatIsUnknownIsLookedUp(Dbs dbs) {
    Cloning cloning = cloning();
    cloning.backup("w", connect(system, filled(system, "unknown-" + dbs)), BACKUP);
    system.operations().tell(dbs);
    Fault[] faults = {
      Fault.status(504),
      Fault.fate(Fate.RESET),
      Fault.fate(Fate.CUT),
      Fault.status(500),
      Fault.anomaly("unavailable").withoutDbs(),
      Fault.anomaly("interrupted").withoutDbs()
    };
    try {
      for (int i = 0; i < faults.length; i++) {
        String target = empty(system, "unknown-target-" + dbs + "-" + i);
        Fault fault = faults[i];
        // The claim itself, and then some of what follows.
        Faults.Rule rule =
            system.faults().when("transact", n -> n == 1 || n % 9 == 0 ? fault : null);
        restoreAll(cloning, "w", connect(system, target));
        assertThat(system.faults().struck(rule)).isGreaterThan(2);
        system.faults().clear();
        assertEqual(cloning.verify("w", connect(system, target), VERIFY));
      }
    } finally {
      system.faults().clear();
      system.operations().tell(Dbs.NODES);
    }
  }
}
