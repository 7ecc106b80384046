package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real connection over a network that keeps no order: of several transactions at once, any may
 * arrive first, and so may any answer.
 */
public final class ReorderingConnection extends ForwardingConnection {
  private static final long DELAY_NANOS_MAX = TimeUnit.MICROSECONDS.toNanos(300);

  public ReorderingConnection(DatomicConnection real) {
    super(real);
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    pause();
    try {
      return super.transact(txData);
    } finally {
      pause();
    }
  }

  private static void pause() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextInt(3) == 0) { // else not at all
      LockSupport.parkNanos(random.nextLong(DELAY_NANOS_MAX));
    }
  }
}
