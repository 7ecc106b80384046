package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.connect;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.wire.WireReply.Fate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls whose replies break off, are no replies, or never come. */
@Timeout(300)
class WireFaultsTest {
  private static final List<String> OPERATIONS =
      List.of("tx-range", "datoms", "index-range", "status", "resolve-db", "transact");
  static final Map<String, Fault> FAULTS =
      Map.of(
          "cut", Fault.fate(Fate.CUT),
          "reset", Fault.fate(Fate.RESET),
          "silence", Fault.fate(Fate.SILENCE),
          "not-transit", Fault.kind(Fault.Kind.NOT_TRANSIT),
          "empty", Fault.kind(Fault.Kind.EMPTY),
          "nil", Fault.kind(Fault.Kind.NIL),
          "500", Fault.status(500),
          "504", Fault.status(504),
          "fault", Fault.anomaly("fault"));

  private static WireSystem system;

  @BeforeAll
  static void start() {
    system = WireSystem.start();
    filled(system, "world");
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @AfterEach
  void mend() {
    system.faults().clear();
  }

  static Stream<String> faults() {
    return FAULTS.keySet().stream().sorted();
  }

  /** Every call comes back, within its limit or well, and is never taken for a defect. */
  @ParameterizedTest
  @MethodSource("faults")
  void everyCallComesBackUnavailable(String name) {
    Fault fault = Objects.requireNonNull(FAULTS.get(name));
    for (String operation : OPERATIONS) {
      DatomicConnection connection = connect(system, empty(system, name + "-" + operation));
      Faults.Rule rule = system.faults().when(operation, n -> fault);
      assertThatThrownBy(() -> call(operation, connection))
          .as("%s %s", operation, name)
          .isInstanceOfSatisfying(
              AnomalyException.class,
              failed -> assertThat(failed.anomaly()).isEqualTo(Anomaly.UNAVAILABLE));
      assertThat(system.faults().struck(rule)).isPositive();
      system.faults().clear();
      call(operation, connection); // on a connection of its own, where that one is stuck
    }
  }

  private static void call(String operation, DatomicConnection connection) {
    switch (operation) {
      case "tx-range" -> {
        try (Stream<?> log = connection.txRange(new TxRange(0, 6))) {
          assertThat(log.count()).isEqualTo(6);
        }
      }
      case "datoms" -> {
        try (Stream<Datom> datoms =
            connection.datoms(View.CURRENT, Index.AEVT, Keyword.intern("db", "ident"))) {
          assertThat(datoms.count()).isPositive();
        }
      }
      case "index-range" ->
          assertThat(
                  connection.indexRange(
                      Keyword.intern("db", "ident"),
                      Keyword.intern("a", "a"),
                      Keyword.intern("z", "z"),
                      5))
              .hasSize(5);
      case "status", "resolve-db" -> assertThat(connection.freshBasisT()).isPositive();
      default -> connection.transact(List.of());
    }
  }

  @Test
  void aConnectionWithAStuckCallIsNotUsedAgain() {
    DatomicConnection connection = connect(system, "world");
    call("tx-range", connection);
    system.faults().at("tx-range", 1, Fault.fate(Fate.SILENCE));
    assertThatThrownBy(() -> call("tx-range", connection)).isInstanceOf(AnomalyException.class);
    system.counts().reset();
    call("tx-range", connection);
    assertThat(system.counts().calls("resolve-db")).as("a new one").isEqualTo(1);
    call("tx-range", connection);
    assertThat(system.counts().calls("resolve-db")).as("which stays").isEqualTo(1);
  }

  /** However often it is tried again. */
  @Test
  void stuckCallsLeaveABoundedNumberOfThreads() {
    DatomicConnection connection = connect(system, "world");
    system.faults().when("tx-range", n -> Fault.fate(Fate.SILENCE));
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> call("tx-range", connection)).isInstanceOf(AnomalyException.class);
    }
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("datomic-cloud-backup-call-"))
                .count())
        .isLessThanOrEqualTo(17);
  }
}
