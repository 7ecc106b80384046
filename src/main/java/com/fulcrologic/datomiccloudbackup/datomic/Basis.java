package com.fulcrologic.datomiccloudbackup.datomic;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the basis of a database of which a transaction is known to exist. A connection remembers
 * a basis, and the nodes of a system are behind each other for a moment: a basis that is too low
 * means neither that the transaction is gone nor that the database is another one.
 */
public final class Basis {
  private static final Logger LOG = LoggerFactory.getLogger(Basis.class);
  private static final Duration PAUSE = Duration.ofMillis(250);

  private Basis() {}

  /**
   * The basis, once it is at least {@code knownT}; a lower one when it stays lower for the
   * connection's {@link DatomicConnection#basisLagMax}.
   *
   * @throws AnomalyException of category fault, the thread's flag set again, when it is interrupted
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
