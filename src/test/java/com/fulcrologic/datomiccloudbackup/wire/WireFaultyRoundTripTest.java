package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.BACKUP;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.VERIFY;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.assertEqual;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.cloning;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.connect;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.filled;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backups, restores and proofs whose replies break off, are no replies, or never come. */
@Timeout(300)
class WireFaultyRoundTripTest {
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

  /** Now and then a reply of any operation suffers it: the result is what it is without. */
  @ParameterizedTest
  @MethodSource("com.fulcrologic.datomiccloudbackup.wire.WireFaultsTest#faults")
  void aRoundTripSurvives(String name) {
    String target = empty(system, "target-of-" + name);
    Faults.Rule rule =
        system.faults().every("*", 23, Objects.requireNonNull(WireFaultsTest.FAULTS.get(name)));
    Cloning cloning = cloning();
    DatomicConnection source = connect(system, "world");
    cloning.backup("w", source, BACKUP);
    restoreAll(cloning, "w", connect(system, target));
    assertEqual(cloning.verify("w", connect(system, target), VERIFY));
    assertEqual(cloning.verifyStored("w", connect(system, "world"), VERIFY));
    assertThat(cloning.status("w", connect(system, "world")).lag().t()).isZero();
    assertThat(system.faults().struck(rule)).isGreaterThan(2);
    system.faults().clear();
    assertEqual(cloning.verify(system.local("world"), system.local(target), VERIFY));
  }
}
