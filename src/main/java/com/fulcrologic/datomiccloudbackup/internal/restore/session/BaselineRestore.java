package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.internal.fold.Fold;
import com.fulcrologic.datomiccloudbackup.internal.fold.Spill;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.fold.StoredState;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BaselineLoad;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BaselineLoad.LastTransaction;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSender;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.lookup.TargetReader;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.Pipeline;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.ClaimedFilters;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetState;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.AttributeFilter;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translator;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a restore from a baseline: finds the state, and loads it. Its last transaction
 * is restored as any other is, so that the log after it can follow. One thread.
 */
final class BaselineRestore {
  private static final Logger LOG = LoggerFactory.getLogger(BaselineRestore.class);

  /** The original id, the marker, and the source's t. */
  private static final int BOOKKEEPING_COUNT = 3;

  private final Supplier<State> states;
  private final DatomicConnection target;
  private final RestoreOptions options;
  private final BatchSizes sizes;
  private final IdMap idMap;
  private long datomCount;
  private boolean isUnequal;

  /** Closes the state when it is loaded. */
  BaselineRestore(
      Supplier<State> states,
      DatomicConnection target,
      RestoreOptions options,
      BatchSizes sizes,
      IdMap idMap) {
    this.states = states;
    this.target = target;
    this.options = options;
    this.sizes = sizes;
    this.idMap = idMap;
  }

  /** The t of the baseline with which a target was begun. */
  static long t(TargetState state) {
    return state.claim().baselineT().orElseThrow();
  }

  /** Loads what the target lacks of the state, and restores the state's last transaction. */
  TargetState run(
      TargetState state,
      AttributeFilter filter,
      Claiming claiming,
      Function<TargetState, Pipeline> pipelines,
      Progress.Listener listener) {
    LastTransaction last = load(state, filter, listener);
    long t = t(state);
    TargetState loaded = claiming.recognize(state.claim()).orElseThrow();
    if (!loaded.position().isNothingRestored()) {
      throw new TargetInUseException(
          ("Failed to restore t %s into database %s: another restore has loaded the same "
                  + "baseline, and continues")
              .formatted(t, target.databaseName()),
          "let that restore continue, or stop it and run this one again");
    }
    try (Pipeline pipeline = pipelines.apply(loaded)) {
      pipeline.send(step(t, last));
      pipeline.awaitAll();
      Pipeline.Landed landed = pipeline.takeLanded().get(0);
      idMap.learn(Transaction.entityId(t), landed.tx());
      // A composite would be one more, which Datomic adds by itself.
      isUnequal |= landed.datomCount() != last.datomCount() + BOOKKEEPING_COUNT;
      return loaded.at(pipeline.position());
    }
  }

  /** Loads what the target lacks of the state. */
  private LastTransaction load(
      TargetState state, AttributeFilter filter, Progress.Listener listener) {
    long t = t(state);
    try (State baseline = states.get();
        Spill spill = Spill.in(options.spillDirectory());
        BatchSender sender =
            new BatchSender(target, options.retryPolicy(), idMap, options.inFlight().countMax())) {
      datomCount = baseline.of().datomCount();
      ClaimedFilters claimed = state.claim().filters();
      filter.requireUnchanged(baseline.schema(), claimed.filteredIds(), claimed.includedIds());
      BaselineLoad load =
          new BaselineLoad(
              baseline,
              spill,
              new Translator(state.baseSchema(), filter),
              new TargetReader(target, options.retryPolicy()),
              idMap,
              sender,
              sizes,
              done -> listener.progressed(progress(t, done)));
      LastTransaction last = load.load();
      isUnequal = sender.isUnequal();
      LOG.info(
          "loaded baseline backup={} t={} datoms={}", state.claim().backupName(), t, datomCount);
      return last;
    }
  }

  /** The stored baseline of exactly this t, or else the fold of the segments. */
  static State stored(StoredBackup backup, TargetState state, Path spillDirectory) {
    long t = t(state);
    Optional<State> stored = StoredState.of(t, backup);
    stored.ifPresent(found -> requireOf(state.claim().source(), found.of(), backup));
    return stored.orElseGet(() -> Fold.upTo(t, backup, spillDirectory, Progress.IGNORED));
  }

  private static void requireOf(SourceIdentity source, State.Of of, StoredBackup backup) {
    if (!source.isCompatibleWith(of.source())) {
      throw new ForeignSourceException(
          ("Failed to restore %s: the baseline of t %s is of source %s, and the segments are of "
                  + "%s")
              .formatted(backup.location(), of.t(), of.source(), source),
          "move " + backup.baselines().key(of.t()) + " away: it is of another backup");
    }
  }

  /** Measured by datoms: a state has no t of its own but the last. */
  private Progress progress(long t, long done) {
    return new Progress(new TxRange(0, t + 1), 0, done, Math.min(done, datomCount), datomCount);
  }

  /** The step that restores the state's last transaction. */
  private static Step step(long t, LastTransaction last) {
    List<Object> all = new ArrayList<>();
    all.add(
        TxData.add(TxData.CURRENT_TRANSACTION, Bookkeeping.ORIGINAL_ID, Transaction.entityId(t)));
    all.add(Step.marker(t));
    all.addAll(last.forms());
    return new Step.Restoration(t, all, /* withOriginalId= */ true);
  }

  /** The outcome of the {@link #run}. */
  RestoredSegment outcome(TargetState state, AttributeFilter filter, List<LeftOut> leftOut) {
    long t = t(state);
    return new RestoredSegment(
        OptionalLong.of(t),
        new TxRange(0, t + 1),
        1,
        datomCount,
        filter.unmatched(),
        isUnequal ? List.of(t) : List.of(),
        leftOut);
  }
}
