package com.fulcrologic.datomiccloudbackup.restore;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.log.Schema;
import com.fulcrologic.datomiccloudbackup.segment.Segment;
import com.fulcrologic.datomiccloudbackup.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.StoredSegment;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
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
  private final PointResolver points;
  private final int idCountMax;
  private final int datomCountMax;
  private @Nullable Session session;
  private @Nullable FilterCache filters;
  private @Nullable ResolvedPoint point;

  public Restore(StoredBackup backup) {
    this(backup, IdMap.SIZE_MAX, TransactionReplay.DATOM_COUNT_MAX);
  }

  Restore(StoredBackup backup, int idCountMax, int datomCountMax) {
    this.backup = backup;
    this.chooser = new SegmentChooser(backup);
    this.points = new PointResolver(backup);
    this.idCountMax = idCountMax;
    this.datomCountMax = datomCountMax;
  }

  /**
   * What is remembered between two calls, as long as the target still stands at {@code position}.
   */
  private record Session(
      Claim claim, TargetPosition position, IdMap idMap, Map<Keyword, Long> builtInIds) {}

  private record ResolvedPoint(RestorePoint until, long lastT) {}

  private record FilterCache(TxRange newest, RestoreOptions options, AttributeFilter filter) {}

  /**
   * Restores what the target lacks of the next segment, up to the point asked for.
   *
   * @param target the same database at each call
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that says why it
   *     could not; everything before the failing transaction is in the target then
   */
  public synchronized RestoreOutcome restoreSegment(
      DatomicConnection target, RestoreOptions options) {
    StoredSegment newest = newest();
    AttributeFilter filter = filter(options, newest.range());
    TargetInspector inspector = new TargetInspector(target, options.retryPolicy());
    Session current = session(target, inspector, options, newest);
    long standsAt = current == null ? TargetPosition.NOTHING : current.position().sourceT();
    long lastT = lastT(options.until());
    if (standsAt >= lastT) {
      return reached(standsAt, lastT, filter);
    }
    Optional<TxRange> range = chooser.after(standsAt);
    if (range.isEmpty()) {
      return new NothingNewAvailable(restoredThrough(standsAt), filter.unmatched());
    }
    Segment segment = backup.segment(range.get());
    if (segment.info().lastT() <= standsAt) { // t that do not exist are covered too
      return new NothingNewAvailable(restoredThrough(standsAt), filter.unmatched());
    }
    Map<Keyword, Long> builtInIds =
        current == null ? inspector.bootstrap().builtInIds() : current.builtInIds();
    requireBuiltIns(segment.info(), builtInIds, options);
    if (current == null) {
      current = install(target, inspector, builtInIds, segment.info(), options);
    }
    return replay(
        target, segment, Math.min(lastT, segment.info().lastT()), current, filter, options);
  }

  /**
   * What restoring into an empty target would cover, after making sure that all of it is stored.
   *
   * @throws com.fulcrologic.datomiccloudbackup.SegmentGapException when it is not
   * @throws UnreachablePointException when the point asked for is not stored
   */
  public synchronized TxRange restorableRange(RestoreOptions options) {
    filter(options, newest().range());
    return chooser.uninterrupted(TargetPosition.NOTHING, lastT(options.until())).orElseThrow();
  }

  /**
   * What restoring into this target would cover, after making sure that all of it is stored, and
   * that the target can take it; writes nothing.
   *
   * @return empty when the target holds it all
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that says why it
   *     cannot be restored
   */
  public synchronized Optional<TxRange> restorableRange(
      DatomicConnection target, RestoreOptions options) {
    StoredSegment newest = newest();
    filter(options, newest.range());
    TargetInspector inspector = new TargetInspector(target, options.retryPolicy());
    Session current = session(target, inspector, options, newest);
    long standsAt = current == null ? TargetPosition.NOTHING : current.position().sourceT();
    long lastT = lastT(options.until());
    requireNotBeyond(standsAt, lastT);
    return chooser.uninterrupted(standsAt, lastT);
  }

  private RestoredSegment replay(
      DatomicConnection target,
      Segment segment,
      long lastT,
      Session current,
      AttributeFilter filter,
      RestoreOptions options) {
    TargetInspector inspector = new TargetInspector(target, options.retryPolicy());
    LinkedTransactor transactor =
        new LinkedTransactor(target, inspector, options.retryPolicy(), current.position());
    TransactionReplay transactions =
        new TransactionReplay(
            new Translator(current.builtInIds(), filter), transactor, datomCountMax);
    session = null; // until it has gone well
    if (current.position().lacksOriginalId()) {
      completeLast(transactions, inspector, current.builtInIds());
    }
    IdMap idMap = current.idMap();
    IdResolver resolver = new IdResolver(target, options.retryPolicy());
    RestoredSegment restored =
        new SegmentReplay(transactions, idMap, resolver, options.listener())
            .replay(segment, lastT, filter.unmatched());
    session = new Session(current.claim(), transactor.position(), idMap, current.builtInIds());
    LOG.info(
        "restored backup={} range={} transactions={}",
        backup.name(),
        restored.range(),
        restored.transactionCount());
    return restored;
  }

  /** Looked up once: a point that is reachable stays where it is. */
  private long lastT(RestorePoint until) {
    ResolvedPoint known = point;
    if (known == null || !known.until().equals(until)) {
      known = new ResolvedPoint(until, points.lastT(until));
      point = known;
    }
    return known.lastT();
  }

  private StoredSegment newest() {
    return backup
        .newest()
        .orElseThrow(
            () ->
                new NoSuchBackupException(
                    "Failed to restore: there is no " + backup.location(),
                    "check the store and the name of the backup"));
  }

  /** Null when the target is empty. */
  private @Nullable Session session(
      DatomicConnection target,
      TargetInspector inspector,
      RestoreOptions options,
      StoredSegment newest) {
    Claim wanted = Claim.of(backup.name(), backup.info(newest.range()).source(), options);
    Session remembered = session;
    if (remembered != null && remembered.position().basisT() == basisT(target, options)) {
      remembered.claim().requireSame(wanted);
      return remembered;
    }
    Optional<Claim> claim = inspector.claim();
    if (claim.isEmpty()) {
      requireEmpty(target, inspector, options);
      return null;
    }
    claim.get().requireSame(wanted);
    TargetPosition position = inspector.position();
    boolean isFresh = position.isNothingRestored() && !position.isPreparing();
    return new Session(
        claim.get(), position, new IdMap(isFresh, idCountMax), inspector.bootstrap().builtInIds());
  }

  private static void requireEmpty(
      DatomicConnection target, TargetInspector inspector, RestoreOptions options) {
    Bootstrap bootstrap = inspector.bootstrap();
    long basisT = basisT(target, options);
    if (bootstrap.lastT() != basisT) {
      throw notEmpty(target, bootstrap.lastT() + 1, basisT);
    }
  }

  private Session install(
      DatomicConnection target,
      TargetInspector inspector,
      Map<Keyword, Long> builtInIds,
      SegmentInfo info,
      RestoreOptions options) {
    Claim claim = Claim.of(backup.name(), info.source(), options);
    long lastBootstrapT = basisT(target, options);
    for (int attempt = 1; ; attempt++) {
      try {
        Installation.transact(target, lastBootstrapT, claim);
        break;
      } catch (AnomalyException unknownOutcome) {
        if (!unknownOutcome.anomaly().isTransient()
            || attempt >= options.retryPolicy().attemptCountMax()) {
          throw unknownOutcome;
        }
        Retries.pauseAfter(options.retryPolicy(), attempt);
        if (inspector.claim().isPresent()) {
          break;
        }
      }
    }
    inspector.claim().ifPresent(found -> found.requireSame(claim));
    requireNothingBetween(target, lastBootstrapT, inspector.position().basisT(), options);
    return new Session(claim, inspector.position(), new IdMap(true, idCountMax), builtInIds);
  }

  private static void requireNothingBetween(
      DatomicConnection target, long lastBootstrapT, long basisT, RestoreOptions options) {
    TxRange since = new TxRange(lastBootstrapT + 1, basisT + 1);
    long count =
        Retries.whileTransient(
            options.retryPolicy(),
            () -> {
              try (Stream<Transaction> log = target.txRange(since)) {
                return log.limit(2).count();
              }
            });
    if (count != 1) {
      throw notEmpty(target, lastBootstrapT + 1, basisT);
    }
  }

  private static TargetNotRestorableException notEmpty(
      DatomicConnection target, long firstT, long lastT) {
    return new TargetNotRestorableException(
        "Failed to restore into database "
            + target.databaseName()
            + ": it is not empty; its t "
            + firstT
            + " to "
            + lastT
            + " were written by others",
        "restore into a new, empty database");
  }

  private static void requireBuiltIns(
      SegmentInfo info, Map<Keyword, Long> builtInIds, RestoreOptions options) {
    Set<String> excluded = new HashSet<>();
    options.excludedAttributes().forEach(text -> excluded.add(Edn.keyword(text).toString()));
    for (String ident : info.builtInsUsed()) {
      if (!builtInIds.containsKey(Edn.keyword(ident))
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

  private AttributeFilter filter(RestoreOptions options, TxRange newest) {
    FilterCache cached = filters;
    if (cached != null
        && cached.newest().equals(newest)
        && cached.options().excludedAttributes().equals(options.excludedAttributes())
        && cached.options().rewrites().equals(options.rewrites())) {
      return cached.filter();
    }
    Schema schema = new Schema();
    if (AttributeFilter.isNeeded(options)) {
      Segment segment = backup.segment(newest);
      schema = segment.schemaAtStart();
      try (Stream<Transaction> transactions = segment.transactions()) {
        transactions.forEach(schema::apply);
      }
    }
    AttributeFilter filter = new AttributeFilter(options, schema);
    filters = new FilterCache(newest, options, filter);
    return filter;
  }

  /** The target stands at a transaction that had no room for all of its bookkeeping. */
  private static void completeLast(
      TransactionReplay transactions, TargetInspector inspector, Map<Keyword, Long> builtInIds) {
    Long txInstant = builtInIds.get(BuiltIns.TX_INSTANT);
    Transaction last = inspector.lastTransaction();
    Date instant =
        last.datoms().stream()
            .filter(datom -> txInstant != null && datom.a() == txInstant)
            .map(Datom::v)
            .map(Date.class::cast)
            .findFirst()
            .orElse(Installation.EPOCH);
    long t = transactions.position().sourceT();
    transactions.complete(t, Transaction.entityId(t), instant);
  }

  private RestoreOutcome reached(long standsAt, long lastT, AttributeFilter filter) {
    requireNotBeyond(standsAt, lastT);
    return new NothingNewAvailable(restoredThrough(standsAt), filter.unmatched());
  }

  private static void requireNotBeyond(long standsAt, long lastT) {
    if (standsAt > lastT) {
      throw new UnreachablePointException(
          "Failed to restore to t " + lastT + ": the target stands at t " + standsAt + " already",
          "restore into a new database to get an earlier point");
    }
  }

  private static OptionalLong restoredThrough(long sourceT) {
    return sourceT == TargetPosition.NOTHING ? OptionalLong.empty() : OptionalLong.of(sourceT);
  }

  private static long basisT(DatomicConnection target, RestoreOptions options) {
    return Retries.whileTransient(options.retryPolicy(), target::basisT);
  }
}
