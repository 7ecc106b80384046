package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.lookup.TargetReader;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transacts numbered batches into a target, each exactly once, several at a time, in any order. The
 * number is a unique value of the batch's transaction: so the target admits it once, and says which
 * are in it. A batch is sent only when all that are {@value #SPREAD} or more before it are in the
 * target. Mutable; one thread.
 */
public final class BatchSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchSender.class);
  private static final DaemonThreads THREADS = new DaemonThreads("load");
  private static final String FUTURE = ":db.error/future-tx-instant";

  /** The source t before the first number: nothing is restored yet. */
  private static final long BEFORE_ALL = -1;

  static final int SPREAD = 64;

  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;
  private final IdMap idMap;
  private final int inFlightMax;
  private final ExecutorService threads;
  private final CompletionService<Answer> answers;
  private final NavigableSet<Long> under = new TreeSet<>(); // numbers on their way
  private final Set<Long> landedBefore = new HashSet<>();
  private long allLandedBefore;
  private boolean isUnequal;
  private int excess; // of the batches that are counted together

  /** How the datoms that Datomic logs are held against those of the state. */
  enum Count {
    /** Not at all: Datomic adds datoms of its own. */
    NONE,
    /** Batch by batch. */
    EACH,
    /** All such batches together: what one does not bring, another has brought. */
    IN_SUM
  }

  /** A batch, with the source ids of the entities that it makes, ascending. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Batch(
      long number, List<Object> forms, long[] newIds, Count count, int datomCount) {}

  /** The fate of a batch. */
  private record Answer(Batch batch, Map<Long, Long> entities, int datomCount) {}

  /** Looks which batches are in the target already. */
  public BatchSender(
      DatomicConnection target, RetryPolicy retryPolicy, IdMap idMap, int inFlightMax) {
    this.target = target;
    this.retryPolicy = retryPolicy;
    this.idMap = idMap;
    this.inFlightMax = Math.min(inFlightMax, SPREAD);
    this.threads = Executors.newFixedThreadPool(this.inFlightMax, THREADS);
    this.answers = new ExecutorCompletionService<>(threads);
    findLanded();
  }

  /** All below a number are there, none from another number on, and some between them. */
  private void findLanded() {
    long some = 0;
    long none = 1;
    while (!landed(none).isEmpty()) {
      some = none;
      none *= 2;
    }
    while (none - some > 1) {
      long middle = (some + none) >>> 1;
      if (landed(middle).isEmpty()) {
        none = middle;
      } else {
        some = middle;
      }
    }
    allLandedBefore = Math.max(1, none - SPREAD);
    landedBefore.addAll(landed(allLandedBefore));
    if (none > 1) {
      idMap.markIncomplete(); // of the entities that these batches have made
      LOG.info("continuing a baseline batches={}", none - 1);
    }
  }

  /** Those of the {@value #SPREAD} numbers from this one on that are in the target. */
  private List<Long> landed(long first) {
    return numbersFrom(first).stream()
        .map(datom -> ((Number) ((List<?>) datom.v()).get(1)).longValue())
        .toList();
  }

  private List<Datom> numbersFrom(long first) {
    return Retries.whileTransient(
        retryPolicy,
        () ->
            target.indexRange(
                Bookkeeping.PREPARATION, number(first), number(first + SPREAD), SPREAD));
  }

  /** How many datoms a batch that is in the target has there. */
  private int loggedCount(long number) {
    Datom named = numbersFrom(number).get(0);
    long t = named.e() - Transaction.entityId(0);
    return Retries.whileTransient(
        retryPolicy,
        () -> {
          try (Stream<Transaction> log = target.txRange(new TxRange(t, t + 1), 1)) {
            return log.mapToInt(transaction -> transaction.datoms().size()).sum();
          }
        });
  }

  private static Object number(long number) {
    return PersistentVector.create(BEFORE_ALL, number);
  }

  /** Whether a batch was in the target before this object was made. */
  boolean isLanded(long number) {
    return number < allLandedBefore || landedBefore.contains(number);
  }

  /** Counts what a batch has that was in the target before. */
  void recount(long number, Count count, int datomCount) {
    if (count == Count.IN_SUM) {
      excess += loggedCount(number) - datomCount;
    }
  }

  /** Sends a batch, and returns when there is room for the next one. */
  void send(long number, List<Object> forms, long[] newIds, Count count, int datomCount) {
    while (under.size() >= inFlightMax || (!under.isEmpty() && number - under.first() >= SPREAD)) {
      take();
    }
    List<Object> txData = new ArrayList<>(forms.size() + 1);
    txData.add(TxData.add(TxData.CURRENT_TRANSACTION, Bookkeeping.PREPARATION, number(number)));
    txData.addAll(forms);
    Batch batch = new Batch(number, txData, newIds, count, datomCount);
    under.add(number);
    answers.submit(() -> land(batch));
  }

  /** Returns when all batches are in the target, and their entities are known. */
  void awaitAll() {
    while (!under.isEmpty()) {
      take();
    }
  }

  /** Whether Datomic has logged another number of datoms for a batch than the state has. */
  public boolean isUnequal() {
    return isUnequal || excess != 0;
  }

  private void take() {
    try {
      Answer answer = answers.take().get();
      under.remove(answer.batch().number());
      learn(answer);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while batches are in flight", interrupted);
    } catch (ExecutionException failed) {
      under.clear(); // this ends the load
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failed.getCause();
    }
  }

  private void learn(Answer answer) {
    Batch batch = answer.batch();
    if (batch.count() == Count.IN_SUM) {
      excess += answer.datomCount() - batch.datomCount();
    } else if (batch.count() == Count.EACH && answer.datomCount() != batch.datomCount()) {
      LOG.warn(
          "loaded with other datoms than the state has: batch={} datoms={} expected={}",
          batch.number(),
          answer.datomCount(),
          batch.datomCount());
      isUnequal = true;
    }
    for (long source : batch.newIds()) {
      Long entity = answer.entities().get(source);
      if (entity == null) {
        throw new IllegalStateException("a batch is in the target without all of its entities");
      }
      idMap.learn(source, entity);
    }
  }

  /** In a thread of its own. */
  private static Map<Long, Long> entities(Batch batch, TransactionReport report) {
    Map<Long, Long> entities = new HashMap<>();
    for (long source : batch.newIds()) {
      Long entity = report.tempids().get(NewIds.tempid(source));
      if (entity != null) {
        entities.put(source, entity);
      }
    }
    return entities;
  }

  private Answer land(Batch batch) {
    for (int attempt = 1; ; attempt++) {
      try {
        TransactionReport report = target.transact(batch.forms());
        return new Answer(batch, entities(batch, report), report.datomCount());
      } catch (AnomalyException failure) {
        boolean mayRepeat =
            (failure.anomaly().isTransient() || failure.isDatabaseError(FUTURE))
                && attempt < retryPolicy.attemptCountMax();
        if (mayRepeat) {
          LOG.info(
              "retrying batch={} attempt={} reason={}",
              batch.number(),
              attempt,
              failure.getMessage());
          Retries.pauseAfter(retryPolicy, attempt);
        }
        Retries.whileTransient(retryPolicy, target::freshBasisT);
        if (landed(batch.number()).contains(batch.number())) {
          return new Answer(batch, lookedUp(batch), loggedCount(batch.number()));
        }
        if (!mayRepeat) {
          throw failure;
        }
      }
    }
  }

  private Map<Long, Long> lookedUp(Batch batch) {
    Map<Long, Long> entities = new HashMap<>();
    if (batch.newIds().length > 0) {
      new TargetReader(target, retryPolicy).resolve(batch.newIds(), entities::put);
    }
    return entities;
  }

  /** Waits for the batches under way, with any result. */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
