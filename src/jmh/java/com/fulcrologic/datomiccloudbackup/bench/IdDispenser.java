package com.fulcrologic.datomiccloudbackup.bench;

import clojure.lang.IPersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transactor that does nothing but hand out ids as Datomic does: the next indexes, in the order
 * in which tempids appear, in a partition picked for each transaction. Up to a basis, a real
 * database answers, so that a restore finds a bootstrap and can install its attributes.
 */
final class IdDispenser extends Forwarding {
  private final long realThroughT;
  private long basisT = -1;
  private long lastIndex = 200_000;

  IdDispenser(DatomicConnection real, long realThroughT) {
    super(real);
    this.realThroughT = realThroughT;
  }

  @Override
  public long basisT() {
    return basisT < 0 ? super.basisT() : basisT;
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    if (basisT < 0) {
      TransactionReport report = super.transact(txData);
      if (report.basisTAfter() >= realThroughT) {
        basisT = report.basisTAfter();
      }
      return report;
    }
    basisT++;
    long partition = 17 + Long.remainderUnsigned((basisT * 0xD1B54A32D192ED03L) >>> 32, 7);
    Map<String, Long> tempids = new HashMap<>();
    int datomCount = -1; // the link adds none
    for (Object form : txData) {
      datomCount++;
      if (((IPersistentVector) form).nth(1) instanceof String tempid
          && !tempids.containsKey(tempid)) {
        tempids.put(
            tempid,
            tempid.equals(TxData.CURRENT_TRANSACTION)
                ? Transaction.entityId(basisT)
                : (partition << Transaction.INDEX_BITS) | ++lastIndex);
      }
    }
    return new TransactionReport(basisT - 1, basisT, datomCount, List.of(), tempids);
  }

  @Override
  public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
    if (basisT >= 0) {
      throw new IllegalStateException("the id map has forgotten an id");
    }
    return super.indexRange(attribute, start, end, countMax);
  }
}
