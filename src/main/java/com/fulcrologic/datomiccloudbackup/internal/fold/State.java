package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.time.Instant;
import java.util.stream.Stream;

/** All datoms that a database holds as of one t. Readable until it is closed. */
public interface State extends AutoCloseable {

  /**
   * The database and the t of a state.
   *
   * @param source the database
   * @param t its last transaction
   * @param instant that transaction's date; the epoch for one of a bootstrap
   * @param transactionHash that transaction's hash
   * @param datomCount how many datoms the state has
   */
  record Of(
      SourceIdentity source, long t, Instant instant, String transactionHash, long datomCount) {
    /** The entity of its last transaction. */
    public long tx() {
      return Transaction.entityId(t);
    }
  }

  Of of();

  /** The schema as of that t; a copy. */
  Schema schema();

  /**
   * The datoms: by entity ({@link StateOrder}), attribute and value. Each call reads anew; the
   * caller closes the stream.
   */
  Stream<Datom> datoms();

  @Override
  void close();
}
