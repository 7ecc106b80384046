package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A connection to one database. Thread-safe. Every method throws {@link AnomalyException} when
 * Datomic refuses or fails, and retries nothing by itself.
 */
public interface DatomicConnection {

  /**
   * Wraps the connection that a Clojure caller (an Ion, say) already holds.
   *
   * <p>A call of a remote system that does not come back within two minutes ends as unavailable.
   * The connection is used again then, since only its owner can make another one.
   *
   * @param connection what {@code datomic.client.api/connect} returned; the caller keeps owning it
   */
  static DatomicConnection of(Object connection) {
    return of(connection, Calls.LIMIT_DEFAULT);
  }

  /**
   * The same with another limit for a call.
   *
   * @param callLimit how long a call of a remote system may take, or a part of one that reads on;
   *     positive
   */
  static DatomicConnection of(Object connection, Duration callLimit) {
    return new ClientConnection(connection, null, null, Calls.requirePositive(callLimit));
  }

  /** The database's name. */
  String databaseName();

  /**
   * What the system reports as the database's id. Durable Datomic Local reports the name;
   * everything else something unique.
   */
  String databaseId();

  /** The t of the newest transaction, as far as this connection has heard: see {@link Basis}. */
  long basisT();

  /**
   * The t of the newest transaction as the system reports it now, whatever this connection has
   * remembered; from then on, this connection reads at that t at least. Costs more than {@link
   * #basisT}. The node that answers may itself be behind others.
   */
  default long freshBasisT() {
    return basisT();
  }

  /**
   * How long the newest transaction may stay unseen by a fresh look, since the node that answers is
   * behind others. Zero where the database is in this process.
   */
  default Duration basisLagMax() {
    return Duration.ZERO;
  }

  /**
   * The log in this range, in ascending order of t, read as it is consumed: memory does not grow
   * with the range. A range that ends, or lies, beyond the basis simply has no transactions there.
   * To be closed.
   */
  Stream<Transaction> txRange(TxRange range);

  /**
   * The first transactions of the log in this range; a remote system is asked for no more.
   *
   * @param countMax how many at most; at least 1
   */
  default Stream<Transaction> txRange(TxRange range, int countMax) {
    return txRange(range).limit(countMax);
  }

  /**
   * Transacts.
   *
   * @param txData forms made with {@link TxData}
   */
  TransactionReport transact(List<?> txData);

  /**
   * Datoms of an index, in its order, read as they are consumed. To be closed.
   *
   * @param components the leading components, as idents (keywords) or entity ids; possibly none
   */
  Stream<Datom> datoms(View view, Index index, Object... components);

  /**
   * Present datoms of one attribute with a value from {@code start} to before {@code end}, in
   * ascending order of value; at most {@code countMax}.
   *
   * @param attribute its ident (a keyword) or entity id
   */
  List<Datom> indexRange(Object attribute, Object start, Object end, int countMax);

  /** The orders in which Datomic keeps datoms. */
  enum Index {
    EAVT,
    AEVT,
    AVET
  }
}
