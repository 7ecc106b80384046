package com.fulcrologic.datomiccloudbackup.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real client of Datomic Cloud works with the stand-in, and is refused where it has to be. */
@Timeout(120)
class WireSystemTest {

  @Test
  void theRealClientReadsTheLogThatIsBehindTheWire() {
    try (WireSystem system = WireSystem.start()) {
      DatomicConnection wire = system.newDatabase();
      assertThat(system.client().databaseNames()).containsExactly(wire.databaseName());
      SampleWorld.fill(wire);
      DatomicConnection local = system.local(wire.databaseName());
      assertThat(wire.basisT()).isEqualTo(local.basisT()).isGreaterThan(50);
      assertThat(ts(wire)).isEqualTo(ts(local));
      assertThat(system.counts().calls("refused")).isZero();
      WireSystem.rotateKeys();
      assertThat(ts(wire)).as("with new keys").isEqualTo(ts(local));
      assertThat(system.counts().calls("refused")).as("with old ones").isPositive();
    }
  }

  private static List<Long> ts(DatomicConnection connection) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      return log.map(Transaction::t).toList();
    }
  }
}
