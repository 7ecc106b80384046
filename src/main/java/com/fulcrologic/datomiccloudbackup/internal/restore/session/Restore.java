package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupException.Place;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.LeftOutTally;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.lookup.TargetReader;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.FlightControl;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.Pipeline;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetState;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.AttributeFilter;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translator;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restore of one backup into one target with one set of options, segment by segment. The target
 * alone records how far the restore got: a new instance, in a new process, continues it. The memory
 * of an instance only saves requests. Thread-safe; one segment at a time.
 */
public final class Restore {
  private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

  private final StoredBackup backup;
  private final DatomicConnection target;
  private final RestoreOptions options;
  private final boolean isCopy;
  private final int datomCountMax;
  private final BatchSizes batchSizes;
  private final Planner planner;
  private final Claiming claiming;
  private final SessionMemory memory;
  private final Holding holding;
  private final FlightControl control;

  public Restore(StoredBackup backup, DatomicConnection target, RestoreOptions options) {
    this(backup, target, options, false);
  }

  /**
   * @param isCopy whether the restore ends with the options' baseline, and nothing continues it
   */
  public Restore(
      StoredBackup backup, DatomicConnection target, RestoreOptions options, boolean isCopy) {
    this(
        backup,
        target,
        options,
        isCopy,
        IdMap.SIZE_MAX,
        TransactionSteps.DATOM_COUNT_MAX,
        BatchSizes.OF_FORMAT);
  }

  Restore(
      StoredBackup backup,
      DatomicConnection target,
      RestoreOptions options,
      boolean isCopy,
      int idCountMax,
      int datomCountMax,
      BatchSizes batchSizes) {
    this.batchSizes = batchSizes;
    this.backup = backup;
    this.target = target;
    this.options = options;
    this.datomCountMax = datomCountMax;
    this.isCopy = isCopy;
    this.planner = new Planner(backup, options, isCopy);
    this.claiming = new Claiming(target, options.retryPolicy());
    this.memory = new SessionMemory(planner, claiming, target, options.retryPolicy(), idCountMax);
    this.holding = new Holding(backup, planner);
    this.control = new FlightControl(options.inFlight());
  }

  /**
   * Restores the part of the next segment that the target lacks, up to the requested point.
   *
   * @param listener is passed the progress in this segment, instead of the options' listener
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that gives the
   *     reason; all transactions before the failing one are in the target then
   */
  public synchronized RestoreOutcome next(Progress.Listener listener) {
    return next(planner::look, listener);
  }

  /**
   * The same, at one request to the store while nothing new is stored. A new segment may be found
   * some calls late, as {@link com.fulcrologic.datomiccloudbackup.Cloning#pollSegment} says.
   */
  public synchronized RestoreOutcome poll(Progress.Listener listener) {
    return next(planner::poll, listener);
  }

  /**
   * The work that is left, after a check that all of it is stored and that the target can take it.
   * Writes nothing.
   */
  public synchronized RestorePlan plan() {
    Plan plan = memory.planFor(planner.look());
    Optional<TargetState> known = memory.stateFor(plan);
    RestorePlan work = planner.work(plan, sourceT(known));
    if (work.range().isEmpty()) {
      return work;
    }
    BaseSchema baseSchema =
        known.isPresent()
            ? known.get().baseSchema()
            : claiming.inspector().bootstrap().baseSchema();
    try {
      return work.withLeftOut(
          holding.requireAll(plan, sourceT(known), baseSchema, Optional.empty()));
    } catch (CorruptSegmentException foundByTheRestore) {
      return work; // in its turn: everything before it can be restored
    }
  }

  /**
   * The nodes of a target may be behind each other, and an inspection may have seen an older state:
   * when the target turns out to hold more, it is inspected once more.
   */
  private RestoreOutcome next(Supplier<TxRange> newest, Progress.Listener listener) {
    try {
      return restoreNext(newest, listener);
    } catch (TargetInUseException moved) {
      if (target.basisLagMax().isZero()) {
        throw moved;
      }
      LOG.info(
          "inspecting the target again backup={} reason={}", backup.name(), moved.getMessage());
      memory.forgetState();
      return restoreNext(planner::look, listener);
    }
  }

  /** A filter depends on the newest segment; so with filters, each call looks for it. */
  private RestoreOutcome restoreNext(Supplier<TxRange> newest, Progress.Listener listener) {
    Optional<Plan> planAhead = options.isFiltering() ? Optional.empty() : memory.planAhead();
    Plan plan = planAhead.orElseGet(() -> memory.planFor(newest.get()));
    Optional<TargetState> known = memory.stateFor(plan);
    boolean isLoop = memory.isStateKept();
    long sourceT = sourceT(known);
    boolean hasMoved =
        planAhead.isPresent() ? !memory.isAhead(sourceT) : sourceT >= plan.range().endT();
    if (hasMoved) { // by another restore, which may know a newer segment
      plan = memory.planFor(planner.look());
    }
    Planner.requireNotBeyond(sourceT, plan);
    if (sourceT == TargetPosition.NOTHING && plan.claim().baselineT().isPresent()) {
      return loadBaseline(plan, known, listener);
    }
    Optional<Segment> segment =
        isCopy || sourceT == plan.lastT() ? Optional.empty() : nextSegment(plan, sourceT);
    if (segment.isEmpty()) {
      known.ifPresent(this::complete);
      return new NothingNewAvailable(
          sourceT == TargetPosition.NOTHING ? OptionalLong.empty() : OptionalLong.of(sourceT),
          plan.filter().unmatched());
    }
    SegmentInfo info = segment.get().info();
    TargetState state = known.isPresent() ? known.get() : claim(plan, segment);
    holding.require(segment.get(), plan.filter(), state.baseSchema());
    Optional<SegmentAhead> ahead = isLoop ? fetchAhead(plan, info.lastT()) : Optional.empty();
    RestoredSegment restored = restore(segment.get(), plan, state, listener);
    memory.fetchedAhead(ahead);
    return restored;
  }

  private Optional<Segment> nextSegment(Plan plan, long sourceT) {
    return memory.takeAhead(sourceT).or(() -> planner.next(plan, sourceT));
  }

  private Optional<SegmentAhead> fetchAhead(Plan plan, long afterT) {
    return afterT < Math.min(plan.lastT(), plan.newest().lastT())
        ? Optional.of(new SegmentAhead(backup, afterT))
        : Optional.empty();
  }

  private TargetState claim(Plan plan, Optional<Segment> first) {
    BaseSchema baseSchema = claiming.inspector().bootstrap().baseSchema();
    holding.requireAll(plan, TargetPosition.NOTHING, baseSchema, first);
    TargetState state = claiming.claim(planner.claim(plan), baseSchema);
    memory.begin(state);
    return state;
  }

  private RestoredSegment loadBaseline(
      Plan plan, Optional<TargetState> known, Progress.Listener listener) {
    TargetState state = known.isPresent() ? known.get() : claim(plan, Optional.empty());
    memory.forgetState(); // until it has gone well
    BaselineRestore restore =
        new BaselineRestore(
            () -> BaselineRestore.stored(backup, state, options.spillDirectory()),
            target,
            options,
            batchSizes,
            memory.idMap());
    memory.left(restore.run(state, plan.filter(), claiming, this::pipeline, listener));
    return restore.outcome(state, plan.filter(), List.of());
  }

  private RestoredSegment restore(
      Segment segment, Plan plan, TargetState state, Progress.Listener listener) {
    TargetState complete = state.position().lacksOriginalId() ? complete(state) : state;
    memory.forgetState(); // until it has gone well
    try (Pipeline pipeline = pipeline(complete)) {
      TxRange range = segment.info().range();
      RestoredSegment restored =
          BackupException.at(
              Place.ofSegment(range, backup.key(range)),
              () ->
                  replay(plan.filter(), complete, pipeline, listener)
                      .replay(
                          segment,
                          Math.min(plan.lastT(), segment.info().lastT()),
                          schema ->
                              plan.filter()
                                  .requireKept(
                                      schema,
                                      complete.claim().filters().filteredIds(),
                                      complete.claim().filters().includedIds())));
      memory.left(complete.at(pipeline.position()));
      LOG.info(
          "restored backup={} range={} transactions={}",
          backup.name(),
          restored.range(),
          restored.transactionCount());
      return restored;
    }
  }

  private SegmentReplay replay(
      AttributeFilter filter, TargetState state, Pipeline pipeline, Progress.Listener listener) {
    TargetLimits limits = new TargetLimits(state.baseSchema());
    return new SegmentReplay(
        new Translator(state.baseSchema(), filter),
        new TargetReader(target, options.retryPolicy()),
        memory.idMap(),
        pipeline,
        new Tally(listener, filter.unmatched(), new LeftOutTally(limits, filter::excludes)),
        datomCountMax);
  }

  /** Makes sure that the target has all bookkeeping of the last restored transaction. */
  private TargetState complete(TargetState state) {
    try (Pipeline pipeline = pipeline(state)) {
      claiming
          .inspector()
          .completion(state.position(), state.baseSchema())
          .ifPresent(pipeline::send);
      pipeline.awaitAll();
      TargetState complete = state.at(pipeline.position());
      memory.left(complete);
      return complete;
    }
  }

  private Pipeline pipeline(TargetState state) {
    control.startRound();
    return new Pipeline(
        target, claiming.inspector(), options.retryPolicy(), control, state.position());
  }

  private static long sourceT(Optional<TargetState> state) {
    return state.map(known -> known.position().sourceT()).orElse(TargetPosition.NOTHING);
  }
}
