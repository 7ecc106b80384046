package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** All datoms that a database holds as of one t. Readable until it is closed. */
public interface State extends AutoCloseable {

  /**
   * The database and the t of a state.
   *
   * @param t its last transaction
   * @param instant that transaction's date; the epoch for one of a bootstrap
   */
  record Of(
      SourceIdentity source, long t, Instant instant, String transactionHash, long datomCount) {
    public long tx() {
      return Transaction.entityId(t);
    }
  }

  Of of();

  Schema schema();

  /**
   * The datoms: by entity ({@link #order}), attribute and value. Each call reads anew; the caller
   * closes the stream.
   */
  Stream<Datom> datoms();

  @Override
  void close();

  /**
   * The order of entities in a state, as a number to compare unsigned: by the index of the id, then
   * by the partition. So entities come in the order in which Datomic made them, and most references
   * point backward.
   */
  static long order(long entity) {
    return Long.rotateLeft(entity, Long.SIZE - Transaction.INDEX_BITS);
  }

  /** The entity with this number in the {@link #order}. */
  static long entity(long order) {
    return Long.rotateRight(order, Long.SIZE - Transaction.INDEX_BITS);
  }

  /** Whether the other is of the same database and t, with the same schema and datoms. */
  default boolean isSame(State other) {
    if (!of().equals(other.of()) || !isSame(schema(), other.schema())) {
      return false;
    }
    try (Stream<Datom> mine = datoms();
        Stream<Datom> others = other.datoms()) {
      Iterator<Datom> left = mine.iterator();
      Iterator<Datom> right = others.iterator();
      while (left.hasNext() && right.hasNext()) {
        if (!isSame(left.next(), right.next())) {
          return false;
        }
      }
      return left.hasNext() == right.hasNext();
    }
  }

  private static boolean isSame(Schema one, Schema other) {
    return List.copyOf(one.attributes()).equals(List.copyOf(other.attributes()))
        && one.builtIns().equals(other.builtIns())
        && one.reusedNames().equals(other.reusedNames())
        && one.namesBefore().equals(other.namesBefore());
  }

  private static boolean isSame(Datom one, Datom other) {
    return one.e() == other.e()
        && one.a() == other.a()
        && one.tx() == other.tx()
        && one.added() == other.added()
        && Values.canonical(one.v()).equals(Values.canonical(other.v()));
  }
}
