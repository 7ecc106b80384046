package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.ReadAhead;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the transactions of a segment that follow a target's position, a handful at a time. One
 * thread.
 */
final class HandfulReader implements AutoCloseable {
  /** A handful ends with the transaction that reaches this many datoms. */
  private static final int DATOM_COUNT = 4_000;

  private final Segment segment;
  private final Schema schema;
  private final long lastT;
  private final ReadAhead log;

  /** The caller applies the transactions that it is given to the schema. */
  HandfulReader(Segment segment, Schema schema, long lastT) {
    this.segment = segment;
    this.schema = schema;
    this.lastT = lastT;
    this.log = new ReadAhead(segment.transactions());
  }

  /**
   * The first transaction after this t; those up to it are applied to the schema.
   *
   * @throws CorruptSegmentException when the segment does not continue this position
   */
  Transaction firstAfter(long sourceT) {
    long predecessor = segment.info().previousT().orElse(TargetPosition.NOTHING);
    while (log.hasNext()) {
      Transaction transaction = log.next();
      if (transaction.t() > sourceT) {
        if (predecessor != sourceT) {
          break;
        }
        return transaction;
      }
      schema.apply(transaction);
      predecessor = transaction.t();
    }
    throw unconnected(predecessor, sourceT);
  }

  /**
   * The handful that begins with this transaction. It ends at the latest with a transaction that
   * defines an attribute: the ids of the next handful are collected by the new schema.
   */
  List<Transaction> handful(Transaction first) {
    List<Transaction> handful = new ArrayList<>();
    int datomCount = 0;
    for (Transaction next = first; ; next = log.next()) {
      handful.add(next);
      datomCount += next.datoms().size();
      if (datomCount >= DATOM_COUNT || definesAttributes(next) || !hasNext(next)) {
        return handful;
      }
    }
  }

  /** Whether a transaction to read follows this one. */
  boolean hasNext(Transaction last) {
    return last.t() < lastT && log.hasNext();
  }

  Transaction next() {
    return log.next();
  }

  @Override
  public void close() {
    log.close();
  }

  private boolean definesAttributes(Transaction transaction) {
    if (schema.attributes().isEmpty()) {
      return true; // the bootstrap itself
    }
    for (Datom datom : transaction.datoms()) {
      if (BuiltIns.VALUE_TYPE.equals(schema.builtIn(datom.a()))) {
        return true;
      }
    }
    return false;
  }

  private CorruptSegmentException unconnected(long predecessor, long sourceT) {
    return new CorruptSegmentException(
        ("Failed to restore from segment %s: it continues after t %s, and the target holds "
                + "the source up to t %s")
            .formatted(segment.info().range(), predecessor, sourceT),
        "check the store; move the segment away, and repair the backup from the source");
  }
}
