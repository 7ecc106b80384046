package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.restore.NextSegments.Outlook;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.NewestSegment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restore of one backup into one target, which each call names (so that remembering a restore
 * does not keep a connection alive). Everything that it needs to know stands in the target itself:
 * a new instance, in a new process, goes on where another one stopped; what an instance remembers
 * only saves it from asking. Thread-safe; one segment at a time.
 */
public final class Restore {
  private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

  private final StoredBackup backup;
  private final SegmentChooser chooser;
  private final NextSegments segments;
  private final PointResolver points;
  private final Filters filters;
  private final int idCountMax;
  private final int datomCountMax;
  private @Nullable MergedValues mergedValues;
  private @Nullable FlightControl flightControl;
  private @Nullable TargetSession remembered;

  public Restore(StoredBackup backup) {
    this(backup, IdMap.SIZE_MAX, TransactionReplay.DATOM_COUNT_MAX);
  }

  Restore(StoredBackup backup, int idCountMax, int datomCountMax) {
    this.backup = backup;
    this.chooser = new SegmentChooser(backup);
    this.segments = new NextSegments(backup, chooser);
    this.points = new PointResolver(backup);
    this.filters = new Filters(backup);
    this.idCountMax = idCountMax;
    this.datomCountMax = datomCountMax;
  }

  /**
   * Restores what the target lacks of the next segment, up to the point asked for.
   *
   * @param target the same database at each call
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that says why it
   *     could not; everything before the failing transaction is in the target then
   */
  public synchronized RestoreOutcome restoreSegment(
      DatomicConnection target, RestoreOptions options) {
    return restoreSegment(target, options, outlookAhead(options).orElseGet(segments::look));
  }

  /**
   * The same for one who calls again and again: where nothing comes in, it asks the store once; a
   * new segment may be seen some calls late, as {@link NewestSegment#poll} tells.
   */
  public synchronized RestoreOutcome pollSegment(DatomicConnection target, RestoreOptions options) {
    return restoreSegment(target, options, outlookAhead(options).orElseGet(segments::poll));
  }

  /** Filters are resolved against what is stored now: a name may have gone to another attribute. */
  private Optional<Outlook> outlookAhead(RestoreOptions options) {
    return AttributeFilter.isNeeded(options) ? Optional.empty() : segments.outlookAhead();
  }

  /**
   * Where the nodes of a target may be behind each other, the look at it may have been at an older
   * state: when the target turns out to hold more, it is looked at once more.
   */
  private RestoreOutcome restoreSegment(
      DatomicConnection target, RestoreOptions options, Outlook outlook) {
    try {
      return restoreOnce(target, options, outlook);
    } catch (TargetInUseException moved) {
      if (target.basisLagMax().isZero()) {
        throw moved;
      }
      LOG.info(
          "looking at the target again backup={} reason={}", backup.name(), moved.getMessage());
      remembered = null;
      return restoreOnce(target, options, segments.look());
    }
  }

  private RestoreOutcome restoreOnce(
      DatomicConnection target, RestoreOptions options, Outlook outlook) {
    AttributeFilter filter = filters.resolve(options, outlook.newest());
    SegmentInfo last = segments.newestInfo(outlook);
    Claim wanted = Claim.of(backup.name(), last.source(), options, filter);
    Call call = new Call(target, options, filter);
    Optional<TargetSession> session = call.session(wanted);
    long standsAt = standsAt(session);
    if (!outlook.isEnoughFor(standsAt)) { // another restore has got farther
      return restoreOnce(target, options, segments.look());
    }
    long wantedT = points.lastT(options.until(), outlook.newest());
    requireNotBeyond(standsAt, wantedT);
    // What has been stored since may give a filtered ident to an attribute that the filter misses.
    long lastT = AttributeFilter.isNeeded(options) ? Math.min(wantedT, last.lastT()) : wantedT;
    Optional<Segment> segment =
        standsAt == lastT ? Optional.empty() : segments.after(standsAt, outlook);
    if (segment.isEmpty()) {
      session.ifPresent(call::complete);
      return new NothingNewAvailable(restoredThrough(standsAt), filter.unmatched());
    }
    SegmentInfo next = segment.get().info();
    TargetSession begun = session.orElseGet(() -> call.claim(wanted, next));
    boolean isLoop = remembered != null; // who calls twice calls again
    Optional<SegmentAhead> ahead =
        isLoop && next.lastT() < lastT
            ? segments.fetchAhead(next.lastT(), outlook)
            : Optional.empty();
    RestoredSegment restored = call.restore(segment.get(), lastT, begun);
    segments.remember(ahead);
    return restored;
  }

  /**
   * What restoring into an empty target would do, after making sure that all of it is stored.
   *
   * @throws com.fulcrologic.datomiccloudbackup.SegmentGapException when it is not
   * @throws UnreachablePointException when the point asked for is not stored
   */
  public synchronized RestorePlan plan(RestoreOptions options) {
    Outlook outlook = segments.look();
    AttributeFilter filter = filters.resolve(options, outlook.newest());
    return plan(
        TargetPosition.NOTHING, points.lastT(options.until(), outlook.newest()), outlook, filter);
  }

  /**
   * What restoring into this target would do, after making sure that all of it is stored, and that
   * the target can take it; writes nothing.
   *
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that says why it
   *     cannot be restored
   */
  public synchronized RestorePlan plan(DatomicConnection target, RestoreOptions options) {
    Outlook outlook = segments.look();
    AttributeFilter filter = filters.resolve(options, outlook.newest());
    Claim wanted = Claim.of(backup.name(), segments.newestInfo(outlook).source(), options, filter);
    long standsAt = standsAt(new Call(target, options, filter).session(wanted));
    long lastT = points.lastT(options.until(), outlook.newest());
    requireNotBeyond(standsAt, lastT);
    return plan(standsAt, lastT, outlook, filter);
  }

  /**
   * The last source transaction that is in the target, asked of the target alone; empty when it was
   * not begun, or nothing is restored yet. Writes nothing.
   *
   * @throws TargetNotRestorableException when it was begun from another backup, or written to by
   *     others
   */
  public Optional<SourcePoint> restoredThrough(DatomicConnection target) {
    return new TargetProgress(target, RetryPolicy.DEFAULT).restored(backup.name());
  }

  private RestorePlan plan(long standsAt, long lastT, Outlook outlook, AttributeFilter filter) {
    Optional<TxRange> range = chooser.uninterrupted(standsAt, lastT);
    long endT = Math.min(lastT, segments.newestInfo(outlook).lastT());
    return new RestorePlan(range, points.at(endT), filter.unmatched());
  }

  /** One call on its way: what its stages share. */
  private final class Call {
    private final DatomicConnection target;
    private final RestoreOptions options;
    private final AttributeFilter filter;
    private final TargetInspector inspector;
    private final Claiming claiming;

    Call(DatomicConnection target, RestoreOptions options, AttributeFilter filter) {
      this.target = target;
      this.options = options;
      this.filter = filter;
      this.inspector = new TargetInspector(target, options.retryPolicy());
      this.claiming = new Claiming(target, inspector, options.retryPolicy(), idCountMax);
    }

    /** Empty when the target is. */
    Optional<TargetSession> session(Claim wanted) {
      TargetSession known = remembered;
      if (known != null && known.position().basisT() == basisT(known)) {
        known.claim().requireSame(wanted);
        return Optional.of(known);
      }
      remembered = null; // somebody else has moved it
      return claiming.recognize(wanted);
    }

    /** The target's basis; what is known to be in it is waited for. */
    private long basisT(TargetSession known) {
      long knownT = known.position().basisT();
      long basisT =
          Retries.whileTransient(options.retryPolicy(), () -> Basis.atLeast(target, knownT));
      if (basisT < knownT) {
        throw new IncompleteBackupException(
            "Failed to restore into database "
                + target.databaseName()
                + ": it is behind: its basis is t "
                + basisT
                + ", and was t "
                + knownT,
            "run it again later; if the target was reset, restore into a new database");
      }
      return basisT;
    }

    TargetSession claim(Claim wanted, SegmentInfo first) {
      BaseSchema baseSchema = inspector.bootstrap().baseSchema();
      requireBuiltIns(first, baseSchema, options);
      return claiming.claim(wanted, baseSchema);
    }

    RestoredSegment restore(Segment segment, long lastT, TargetSession session) {
      requireBuiltIns(segment.info(), session.baseSchema(), options);
      TargetSession complete = session.position().lacksOriginalId() ? complete(session) : session;
      remembered = null; // until it has gone well
      try (LinkedTransactor transactor = transactor(complete)) {
        RestoredSegment restored = restore(segment, lastT, complete, transactor);
        remembered = complete.at(transactor.position());
        LOG.info(
            "restored backup={} range={} transactions={}",
            backup.name(),
            restored.range(),
            restored.transactionCount());
        return restored;
      }
    }

    private RestoredSegment restore(
        Segment segment, long lastT, TargetSession session, LinkedTransactor transactor) {
      IdResolver resolver = new IdResolver(target, options.retryPolicy());
      Translator translator =
          new Translator(
              session.baseSchema(),
              filter,
              new Presence(target, resolver, options.retryPolicy(), transactor::settleAll),
              mergedValues(session.position().sourceT()));
      TransactionReplay transactions = new TransactionReplay(translator, transactor, datomCountMax);
      return new SegmentReplay(transactions, session.idMap(), resolver, options.listener())
          .replay(
              segment,
              Math.min(lastT, segment.info().lastT()),
              filter.unmatched(),
              schema -> filter.requireKept(schema, session.claim().filteredIds()));
    }

    /** Makes sure that the target says everything of what was restored last. */
    TargetSession complete(TargetSession session) {
      try (LinkedTransactor transactor = transactor(session)) {
        Completion.of(session.position(), inspector, session.baseSchema())
            .ifPresent(transactor::transact);
        TargetSession complete = session.at(transactor.position());
        remembered = complete;
        return complete;
      }
    }

    private MergedValues mergedValues(long sourceT) {
      MergedValues known = mergedValues;
      if (known == null) {
        known = new MergedValues(backup, filter, MergedValues.COUNT_MAX);
        mergedValues = known;
      }
      known.use(filter);
      known.standAt(sourceT);
      return known;
    }

    private LinkedTransactor transactor(TargetSession session) {
      return new LinkedTransactor(
          target, inspector, options.retryPolicy(), control(), session.position());
    }

    /** What was found out about the target's distance is kept from call to call. */
    private FlightControl control() {
      FlightControl known = flightControl;
      if (known == null || !known.bounds().equals(options.inFlight())) {
        known = new FlightControl(options.inFlight());
        flightControl = known;
      }
      known.startRound();
      return known;
    }
  }

  private static void requireBuiltIns(
      SegmentInfo info, BaseSchema baseSchema, RestoreOptions options) {
    Set<String> excluded = new HashSet<>();
    options.excludedAttributes().forEach(text -> excluded.add(Edn.keyword(text).toString()));
    for (String ident : info.builtInsUsed()) {
      if (baseSchema.id(Edn.keyword(ident)) == null
          && !excluded.contains(ident)
          && !ident.equals(BuiltIns.ENSURE.toString())) {
        throw new TargetNotRestorableException(
            "Failed to restore segment "
                + info.range()
                + ": it uses "
                + ident
                + ", which the target's base schema lacks",
            "restore into a newer Datomic, or exclude that attribute");
      }
    }
  }

  private static void requireNotBeyond(long standsAt, long lastT) {
    if (standsAt > lastT) {
      throw new UnreachablePointException(
          "Failed to restore to t " + lastT + ": the target stands at t " + standsAt + " already",
          "restore into a new database to get an earlier point");
    }
  }

  private static long standsAt(Optional<TargetSession> session) {
    return session.map(known -> known.position().sourceT()).orElse(TargetPosition.NOTHING);
  }

  private static OptionalLong restoredThrough(long sourceT) {
    return sourceT == TargetPosition.NOTHING ? OptionalLong.empty() : OptionalLong.of(sourceT);
  }
}
