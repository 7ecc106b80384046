package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.ReadAhead;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays what the target lacks of one segment: reads on to where the target stands, then takes a
 * handful of transactions at a time, settles their ids, and restores one after another. One thread.
 */
final class SegmentReplay {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentReplay.class);

  /** A handful ends with the transaction that reaches this many datoms. */
  private static final int HANDFUL_DATOM_COUNT = 4_000;

  private final TransactionReplay transactions;
  private final IdMap idMap;
  private final IdResolver resolver;
  private final Progress.Listener listener;

  SegmentReplay(
      TransactionReplay transactions,
      IdMap idMap,
      IdResolver resolver,
      Progress.Listener listener) {
    this.transactions = transactions;
    this.idMap = idMap;
    this.resolver = resolver;
    this.listener = listener;
  }

  /**
   * Replays.
   *
   * @param lastT the last t to restore, which is in the segment
   * @param schemaCheck is shown the schema where the target stands
   * @throws CorruptSegmentException when the segment does not continue what the target holds
   */
  RestoredSegment replay(
      Segment segment, long lastT, Set<String> unmatchedFilters, Consumer<Schema> schemaCheck) {
    Schema schema = segment.schemaAtStart();
    try (ReadAhead iterator = new ReadAhead(segment.transactions())) {
      Transaction first = firstAfter(segment, iterator, schema);
      schemaCheck.accept(schema);
      Tally tally = new Tally(new TxRange(first.t(), lastT + 1));
      Transaction next = first;
      while (next.t() <= lastT) {
        List<Transaction> handful = handful(next, iterator, schema, lastT);
        next = handful.get(handful.size() - 1);
        restore(handful, schema, lastT, tally);
        if (next.t() == lastT || !iterator.hasNext()) {
          break;
        }
        listener.progressed(tally.progress());
        next = iterator.next();
      }
      transactions.settleAll();
      listener.progressed(tally.progress());
      return tally.outcome(unmatchedFilters);
    }
  }

  /** What is in the target. */
  private static final class Tally implements TransactionReplay.Restored {
    private final TxRange range;
    private final List<Long> unequal = new ArrayList<>();
    private int transactionCount;
    private long datomCount;
    private long endT;

    Tally(TxRange range) {
      this.range = range;
      this.endT = range.startT();
    }

    @Override
    public void restored(Transaction transaction, boolean isEqual) {
      transactionCount++;
      datomCount += transaction.datoms().size();
      endT = transaction.t() + 1;
      if (!isEqual) {
        LOG.warn("restored with other datoms than the source has: t={}", transaction.t());
        if (unequal.size() < RestoredSegment.UNEQUAL_COUNT_MAX) {
          unequal.add(transaction.t());
        }
      }
    }

    Progress progress() {
      return new Progress(range, transactionCount, datomCount, endT - range.startT(), range.span());
    }

    RestoredSegment outcome(Set<String> unmatchedFilters) {
      return new RestoredSegment(range, transactionCount, datomCount, unmatchedFilters, unequal);
    }
  }

  private Transaction firstAfter(Segment segment, Iterator<Transaction> iterator, Schema schema) {
    long standsAt = transactions.position().sourceT();
    long predecessor = segment.info().previousT().orElse(TargetPosition.NOTHING);
    while (iterator.hasNext()) {
      Transaction transaction = iterator.next();
      if (transaction.t() > standsAt) {
        if (predecessor != standsAt) {
          throw unconnected(segment, predecessor, standsAt);
        }
        return transaction;
      }
      schema.apply(transaction);
      predecessor = transaction.t();
    }
    throw unconnected(segment, predecessor, standsAt);
  }

  private void restore(List<Transaction> handful, Schema schema, long lastT, Tally tally) {
    WorkingSet workingSet =
        WorkingSet.of(handful, schema, idMap, resolver, transactions.idsInFlight());
    for (Transaction transaction : handful) {
      schema.learnBuiltIns(transaction);
      transactions.restore(transaction, schema, workingSet, transaction.t() == lastT, tally);
      schema.apply(transaction);
    }
  }

  /** Ends, too, with a transaction that defines an attribute: ids are told by the schema. */
  private static List<Transaction> handful(
      Transaction first, Iterator<Transaction> iterator, Schema schema, long lastT) {
    List<Transaction> handful = new ArrayList<>();
    Transaction next = first;
    int datomCount = 0;
    while (true) {
      handful.add(next);
      datomCount += next.datoms().size();
      if (datomCount >= HANDFUL_DATOM_COUNT
          || next.t() >= lastT
          || definesAttributes(next, schema)
          || !iterator.hasNext()) {
        return handful;
      }
      next = iterator.next();
    }
  }

  private static boolean definesAttributes(Transaction transaction, Schema schema) {
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

  private static CorruptSegmentException unconnected(
      Segment segment, long predecessor, long standsAt) {
    return new CorruptSegmentException(
        "Failed to restore from segment "
            + segment.info().range()
            + ": it continues after t "
            + predecessor
            + ", and the target stands at t "
            + standsAt,
        "check the store; move the segment away, and repair the backup from the source");
  }
}
