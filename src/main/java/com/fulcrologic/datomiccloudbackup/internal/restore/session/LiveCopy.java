package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.fold.LiveState;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SchemaReading;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.FlightControl;
import com.fulcrologic.datomiccloudbackup.internal.restore.pipeline.Pipeline;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claim;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetState;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.AttributeFilter;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.TargetCheck;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Copies the state of a live database, as of one t, into an empty one. The target records the t, so
 * that a new instance, in a new process, continues. Used once; one thread.
 */
public final class LiveCopy {
  private static final int CHECKED_COUNT = 1_000;

  private final DatomicConnection source;
  private final DatomicConnection target;
  private final RestoreOptions options;
  private final BatchSizes sizes;
  private final Claiming claiming;
  private final FlightControl control;

  public LiveCopy(DatomicConnection source, DatomicConnection target, RestoreOptions options) {
    this(source, target, options, BatchSizes.OF_FORMAT);
  }

  LiveCopy(
      DatomicConnection source,
      DatomicConnection target,
      RestoreOptions options,
      BatchSizes sizes) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.sizes = sizes;
    this.claiming = new Claiming(target, options.retryPolicy());
    this.control = new FlightControl(options.inFlight());
  }

  /**
   * Copies what the target lacks.
   *
   * @return {@link NothingNewAvailable} when the target holds the copy already
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that gives the
   *     reason; before anything is written, unless the target refuses a transaction
   */
  public RestoreOutcome copy(Progress.Listener listener) {
    OptionalLong askedT = askedT();
    SourceIdentity identity = LiveState.identity(source, options.retryPolicy());
    Claim wanted =
        claim(identity, new TreeSet<>(), new TreeSet<>(), askedT.orElse(Claim.ANY_BASELINE));
    Optional<TargetState> known = claiming.recognize(wanted);
    long t = known.map(BaselineRestore::t).orElseGet(() -> askedT.orElseGet(this::basisT));
    if (known.isPresent() && !known.get().position().isNothingRestored()) {
      return new NothingNewAvailable(OptionalLong.of(t), new TreeSet<>());
    }
    AttributeFilter filter = filter(source, options);
    try (State state =
        LiveState.asOf(t, source, identity, options.retryPolicy(), options.spillDirectory())) {
      BaseSchema baseSchema =
          known.isPresent()
              ? known.get().baseSchema()
              : claiming.inspector().bootstrap().baseSchema();
      List<LeftOut> leftOut = requireAll(state, filter, new TargetLimits(baseSchema));
      Claim claim = claim(identity, filter.filteredIds(), filter.includedIds(), t);
      TargetState begun = known.orElseGet(() -> claiming.claim(claim, baseSchema));
      IdMap idMap = new IdMap(begun.position().isUntouched(), IdMap.SIZE_MAX);
      BaselineRestore restore = new BaselineRestore(() -> state, target, options, sizes, idMap);
      restore.run(begun, filter, claiming, this::pipeline, listener);
      return restore.outcome(begun, filter, leftOut);
    }
  }

  /**
   * Resolves the options' filters by every name that an attribute of the source ever had, until
   * now.
   */
  public static AttributeFilter filter(DatomicConnection source, RestoreOptions options) {
    Schema newest =
        Retries.whileTransient(
            options.retryPolicy(), () -> SchemaReading.schemaAfter(source.freshBasisT(), source));
    return new AttributeFilter(options, newest).requireMatched();
  }

  private OptionalLong askedT() {
    if (options.until() instanceof RestorePoint.AtT at) {
      return OptionalLong.of(at.t());
    }
    if (!options.until().equals(RestorePoint.NEWEST)) {
      throw new InvalidConfigurationException(
          "Failed to copy database " + source.databaseName() + ": an instant is given",
          "give a t of the live source, or none for the newest");
    }
    return OptionalLong.empty();
  }

  private long basisT() {
    return Retries.whileTransient(options.retryPolicy(), source::freshBasisT);
  }

  private Claim claim(
      SourceIdentity identity, SortedSet<Long> filtered, SortedSet<Long> included, long t) {
    return Claim.of(
        Claim.NO_BACKUP, identity, options, filtered, included, OptionalLong.of(t), true);
  }

  /** Makes sure that the target can hold the state. */
  private static List<LeftOut> requireAll(
      State state, AttributeFilter filter, TargetLimits limits) {
    TargetCheck check = new TargetCheck(limits, filter);
    check.begin(state.schema());
    try (Stream<Datom> all = state.datoms()) {
      Iterator<Datom> datoms = all.iterator();
      while (datoms.hasNext()) {
        List<Datom> some = new ArrayList<>(CHECKED_COUNT);
        while (datoms.hasNext() && some.size() < CHECKED_COUNT) {
          some.add(datoms.next());
        }
        check.require(new Transaction(state.of().t(), state.of().tx(), some));
      }
    }
    return check.leftOut();
  }

  private Pipeline pipeline(TargetState state) {
    control.startRound();
    return new Pipeline(
        target, claiming.inspector(), options.retryPolicy(), control, state.position());
  }
}
