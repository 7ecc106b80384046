package com.fulcrologic.datomiccloudbackup.datomic;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the basis of a database that is known to hold a certain transaction. A connection caches a
 * basis, and the nodes of a system can be behind each other for a moment. So a basis that is too
 * low does not mean that the transaction is gone, or that the database is another one.
 */
public final class Basis {
  private static final Logger LOG = LoggerFactory.getLogger(Basis.class);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private Basis() {}

  /**
   * Waits until the basis is at least {@code knownT}, and returns it. Returns a lower basis if it
   * stays lower for the connection's {@link DatomicConnection#basisLagMax}.
   *
   * @throws AnomalyException of category fault when the wait is interrupted; the thread's flag is
   *     set again
   */
  public static long atLeast(DatomicConnection connection, long knownT) {
    long basisT = connection.basisT();
    if (basisT >= knownT) {
      return basisT;
    }
    long end = System.nanoTime() + connection.basisLagMax().toNanos();
    basisT = connection.freshBasisT();
    while (basisT < knownT && System.nanoTime() - end < 0) {
      LOG.info("waiting for a basis wanted={} basis={}", knownT, basisT);
      Retries.pause(PAUSE);
      basisT = connection.freshBasisT();
    }
    return basisT;
  }
}
