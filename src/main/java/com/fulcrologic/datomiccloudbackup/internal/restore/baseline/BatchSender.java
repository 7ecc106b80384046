package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdResolver;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

  /** What comes before the first number: nothing is restored yet. */
  private static final long BEFORE_ALL = -1;

  static final int SPREAD = 64;

  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;
  private final IdMap idMap;
  private final int inFlightMax;
  private final ExecutorService threads;
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final Set<Long> under = new HashSet<>(); // numbers on their way
  private final Set<Long> landedBefore = new HashSet<>();
  private long allLandedBefore;

  /**
   * A batch.
   *
   * @param newIds the source ids of the entities that it makes, by tempid
   */
  private record Batch(long number, List<Object> forms, long[] newIds) {}

  private record Answer(
      Batch batch, Map<Long, Long> entities, @Nullable RuntimeException failure, @Nullable Error error) {}

  /**
   * Looks which batches are in the target already.
   *
   * @param idMap learns the entities that batches make
   * @param inFlightMax 1 to {@value #SPREAD}
   */
  public BatchSender(
      DatomicConnection target, RetryPolicy retryPolicy, IdMap idMap, int inFlightMax) {
    this.target = target;
    this.retryPolicy = retryPolicy;
    this.idMap = idMap;
    this.inFlightMax = Math.min(inFlightMax, SPREAD);
    this.threads = Executors.newFixedThreadPool(this.inFlightMax, THREADS);
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
      LOG.info("continuing a baseline batches={}", none - 1);
    }
  }

  /** Those of the {@value #SPREAD} numbers from this one on that are in the target. */
  private List<Long> landed(long first) {
    return Retries.whileTransient(
            retryPolicy,
            () ->
                target.indexRange(
                    Bookkeeping.PREPARATION, number(first), number(first + SPREAD), SPREAD))
        .stream()
        .map(datom -> ((Number) ((List<?>) datom.v()).get(1)).longValue())
        .toList();
  }

  private static Object number(long number) {
    return PersistentVector.create(BEFORE_ALL, number);
  }

  /** Whether a batch was in the target before this object was made. */
  boolean isLanded(long number) {
    return number < allLandedBefore || landedBefore.contains(number);
  }

  /**
   * Sends a batch, and returns when there is room for the next one.
   *
   * @param newIds the source ids of the entities that it makes, each under its tempid
   * @throws AnomalyException when Datomic refuses this batch or one before it, or keeps failing
   */
  void send(long number, List<Object> forms, long[] newIds) {
    while (under.size() >= inFlightMax) {
      take();
    }
    List<Object> txData = new ArrayList<>(forms.size() + 1);
    txData.add(TxData.add(TxData.CURRENT_TRANSACTION, Bookkeeping.PREPARATION, number(number)));
    txData.addAll(forms);
    Batch batch = new Batch(number, txData, newIds);
    under.add(number);
    threads.execute(() -> answers.add(land(batch)));
  }

  /** Returns when all batches are in the target, and their entities are known. */
  void awaitAll() {
    while (!under.isEmpty()) {
      take();
    }
  }

  private void take() {
    Answer answer;
    try {
      answer = answers.take();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while batches are in flight", interrupted);
    }
    under.remove(answer.batch().number());
    if (answer.error() != null) {
      throw answer.error();
    }
    if (answer.failure() != null) {
      throw answer.failure();
    }
    for (long source : answer.batch().newIds()) {
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
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return new Answer(batch, entities(batch, target.transact(batch.forms())), null, null);
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
            return new Answer(batch, lookedUp(batch), null, null);
          }
          if (!mayRepeat) {
            throw failure;
          }
        }
      }
    } catch (RuntimeException failure) {
      return new Answer(batch, Map.of(), failure, null);
    } catch (Error error) {
      return new Answer(batch, Map.of(), null, error);
    }
  }

  private Map<Long, Long> lookedUp(Batch batch) {
    Map<Long, Long> entities = new HashMap<>();
    long[] sources = NewIds.of(batch.newIds()).sorted();
    if (sources.length > 0) {
      new IdResolver(target, retryPolicy).resolve(sources, entities::put);
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
