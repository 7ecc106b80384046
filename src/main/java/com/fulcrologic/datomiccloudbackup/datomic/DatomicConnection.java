package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
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
   * <p>A call of a remote system that does not return within two minutes ends as unavailable. Later
   * calls use the same connection, since only its owner can make another one.
   *
   * @param connection what {@code datomic.client.api/connect}, or {@code connect} of Datomic Pro's
   *     peer library, returned; the caller keeps owning it
   * @throws InvalidConfigurationException when it is something else
   */
  static DatomicConnection of(Object connection) {
    return of(connection, Calls.LIMIT_DEFAULT);
  }

  /**
   * The same with another limit for a call.
   *
   * @param callLimit the most time for a call of a remote system, or for each part of a longer
   *     read; positive
   * @throws InvalidConfigurationException when it is no connection
   */
  static DatomicConnection of(Object connection, Duration callLimit) {
    Calls.requirePositive(callLimit);
    if (PeerSystem.isPeer(connection)) {
      return PeerSystem.wrap(connection, callLimit);
    }
    if (!ClientApi.isConnection(connection)) {
      throw new InvalidConfigurationException(
          "Failed to use a connection: an object of %s is not a connection of Datomic"
              .formatted(connection.getClass().getName()),
          "give the result of datomic.client.api/connect, or of connect of Datomic Pro's peer"
              + " library");
    }
    return new ClientConnection(connection, null, null, callLimit);
  }

  /** The database's name. */
  String databaseName();

  /**
   * The database's id, as the system reports it. Durable Datomic Local reports the name; every
   * other system reports a unique id.
   */
  String databaseId();

  /** The t of the newest transaction that this connection knows of: see {@link Basis}. */
  long basisT();

  /**
   * The t of the newest transaction as the system reports it now, whatever this connection has
   * cached. From then on, this connection reads at that t at least. This costs more than {@link
   * #basisT}. The answering node may itself be behind others.
   */
  default long freshBasisT() {
    return basisT();
  }

  /**
   * The longest time for which a fresh look may miss the newest transaction, since the answering
   * node is behind others. Zero if the database is in this process.
   */
  default Duration basisLagMax() {
    return Duration.ZERO;
  }

  /**
   * Whether a read of the log may come back with fewer transactions than there are below the basis.
   * Then a t that is left out is asked for once more.
   */
  default boolean mayReadShort() {
    return true;
  }

  /**
   * The log in this range, in ascending order of t. The stream reads as it is consumed: memory does
   * not grow with the range. Beyond the basis, a range has no transactions. The caller closes the
   * stream.
   */
  Stream<Transaction> txRange(TxRange range);

  /**
   * The first transactions of the log in this range; a remote system sends no more.
   *
   * @param countMax the most transactions; at least 1
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
   * Datoms of an index, in its order, read as they are consumed. The caller closes the stream.
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
