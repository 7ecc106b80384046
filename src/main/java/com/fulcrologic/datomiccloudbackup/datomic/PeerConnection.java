package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import datomic.Connection;
import datomic.Database;
import datomic.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A connection of Datomic Pro's peer library. */
final class PeerConnection implements DatomicConnection {
  /** The class of a connection to a database in memory, which waits for no reply. */
  private static final String IN_MEMORY = "datomic.peer.LocalConnection";

  private final Connection connection;
  private final @Nullable String databaseName;
  private final Duration callLimit;
  private final Calls calls;
  private final ValueTypes types = new ValueTypes(/* isRemote= */ false);
  private @Nullable Bootstrap bootstrap; // guarded by this

  /**
   * The transactions that the log lacks.
   *
   * @param endT the t of the first transaction in the log, or a t before it
   */
  private record Bootstrap(List<Transaction> transactions, long endT) {}

  /**
   * @param databaseName the name that the caller used; null if it is unknown, since the library
   *     reports only the id
   */
  PeerConnection(Connection connection, @Nullable String databaseName, Duration callLimit) {
    this.connection = connection;
    this.databaseName = databaseName;
    this.callLimit = callLimit;
    boolean isInMemory = connection.getClass().getName().equals(IN_MEMORY);
    this.calls = new Calls(isInMemory ? null : callLimit);
  }

  @Override
  public String databaseName() {
    return databaseName == null ? databaseId() : databaseName;
  }

  @Override
  public String databaseId() {
    return calls.call("read the database's id", () -> connection.db().id());
  }

  @Override
  public long basisT() {
    return calls.call("read the basis t", () -> connection.db().basisT());
  }

  /** Other peers may have transacted: the transactor knows. */
  @Override
  public long freshBasisT() {
    return await("read the basis t", connection::sync).basisT();
  }

  @Override
  public boolean mayReadShort() {
    return false; // a log value is complete up to its basis
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    Bootstrap first = bootstrap();
    Stream<Transaction> log =
        elements(
            "read the log at " + range,
            () -> log().txRange(range.startT(), range.endT()).iterator(),
            this::entry);
    return range.startT() < first.endT()
        ? Stream.concat(first.transactions().stream().filter(each -> range.contains(each.t())), log)
        : log;
  }

  private synchronized Bootstrap bootstrap() {
    if (bootstrap == null) {
      bootstrap = calls.call("read the bootstrap", this::readBootstrap);
    }
    return bootstrap;
  }

  /**
   * The log of Datomic Pro does not hold the transactions of the bootstrap, and the history does.
   * They concern entities among the schema, and themselves.
   */
  private Bootstrap readBootstrap() {
    Database db = connection.db();
    Iterator<?> log = log().txRange(null, null).iterator();
    long endT = log.hasNext() ? entry(log.next()).t() : db.basisT() + 1;
    Map<Long, List<Datom>> found = new TreeMap<>();
    Database history = db.asOf(endT - 1).history();
    for (datomic.Datom datom : history.datoms(Database.EAVT)) {
      if (!Transaction.isAmongSchema(number(datom.e()))) {
        break;
      }
      add(datom, found);
    }
    for (long tx : List.copyOf(found.keySet())) {
      history.datoms(Database.EAVT, tx).forEach(datom -> add(datom, found));
    }
    List<Transaction> transactions = new ArrayList<>();
    found.forEach(
        (tx, datoms) ->
            transactions.add(new Transaction(tx - Transaction.entityId(0), tx, datoms)));
    return new Bootstrap(List.copyOf(transactions), endT);
  }

  private void add(datomic.Datom datom, Map<Long, List<Datom>> byTransaction) {
    byTransaction.computeIfAbsent(number(datom.tx()), tx -> new ArrayList<>()).add(convert(datom));
  }

  private Log log() {
    return Objects.requireNonNull(connection.log(), "the storage keeps no log");
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    Map<?, ?> report = await("transact", () -> connection.transactAsync(PeerValues.forms(txData)));
    List<List<?>> tuples = new ArrayList<>();
    Collection<?> datoms = (Collection<?>) part(report, Connection.TX_DATA);
    for (Object each : datoms) {
      datomic.Datom datom = (datomic.Datom) each;
      if (datom.v() instanceof List<?> tuple && datom.added()) {
        tuples.add(tuple);
      }
    }
    Map<String, Long> tempids = new HashMap<>();
    ((Map<?, ?>) part(report, Connection.TEMPIDS))
        .forEach((tempid, id) -> tempids.put(String.valueOf(tempid), number(id)));
    return new TransactionReport(
        ((Database) part(report, Connection.DB_BEFORE)).basisT(),
        ((Database) part(report, Connection.DB_AFTER)).basisT(),
        datoms.size(),
        tuples,
        tempids);
  }

  @Override
  public Stream<Datom> datoms(View view, Index index, Object... components) {
    return elements(
        "read datoms",
        () -> database(view).datoms(index(index), components).iterator(),
        this::convert);
  }

  @Override
  public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
    try (Stream<Datom> datoms =
        elements(
            "read an index range",
            () -> connection.db().indexRange(attribute, start, end).iterator(),
            this::convert)) {
      return datoms.limit(countMax).toList();
    }
  }

  /** Compares the wrapped connections, so that wrapping twice changes nothing. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PeerConnection that && that.connection == connection;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(connection);
  }

  private Database database(View view) {
    Database database = connection.db();
    if (view.asOfT().isPresent()) {
      database = database.asOf(view.asOfT().getAsLong());
    }
    return view.history() ? database.history() : database;
  }

  private static Object index(Index index) {
    return switch (index) {
      case EAVT -> Database.EAVT;
      case AEVT -> Database.AEVT;
      case AVET -> Database.AVET;
    };
  }

  private Transaction entry(Object logged) {
    Map<?, ?> entry = (Map<?, ?>) logged;
    long t = number(part(entry, Log.T));
    List<Datom> datoms = new ArrayList<>();
    for (Object datom : (Iterable<?>) part(entry, Log.DATA)) {
      datoms.add(convert(datom));
    }
    return new Transaction(t, Transaction.entityId(t), datoms);
  }

  private Datom convert(Object found) {
    datomic.Datom datom = (datomic.Datom) found;
    long attribute = number(datom.a());
    return new Datom(
        number(datom.e()),
        attribute,
        types.typed(attribute, PeerValues.known(datom.v()), unused -> Stream.empty()),
        number(datom.tx()),
        datom.added());
  }

  private static Object part(Map<?, ?> map, Object key) {
    return Objects.requireNonNull(map.get(key));
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  /** Waits for an answer of the transactor; without one in time, the outcome is unknown. */
  private <T> T await(String doing, Supplier<Future<T>> call) {
    return Anomalies.guard(
        doing,
        () -> {
          try {
            return call.get().get(callLimit.toMillis(), TimeUnit.MILLISECONDS);
          } catch (ExecutionException refused) {
            throw new IllegalStateException(refused); // its cause is classified
          } catch (TimeoutException silent) {
            throw AnomalyException.stuck(doing, "no reply came within " + callLimit);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AnomalyException(doing, Anomaly.FAULT, null, interrupted);
          }
        });
  }

  private <T> Stream<T> elements(
      String doing, Supplier<Iterator<?>> read, Function<Object, T> convert) {
    Iterator<?> elements = calls.call(doing, read);
    return Streams.ofBatches(() -> calls.call(doing, () -> Batches.next(elements, convert)));
  }
}
