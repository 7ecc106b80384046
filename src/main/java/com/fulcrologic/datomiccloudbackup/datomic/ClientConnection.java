package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A connection of {@code datomic.client.api}, for any server type. After a call that never
 * returned, a new connection replaces a remote one, if this class can make one.
 */
final class ClientConnection implements DatomicConnection {
  private static final Keyword ID = Keyword.intern("id");
  private static final Keyword DATABASE_ID = Keyword.intern("database-id");
  private static final Keyword DB_NAME = Keyword.intern("db-name");
  private static final Keyword T = Keyword.intern("t");
  private static final Keyword DATA = Keyword.intern("data");
  private static final Keyword START = Keyword.intern("start");
  private static final Keyword END = Keyword.intern("end");
  private static final Keyword LIMIT = Keyword.intern("limit");
  private static final Keyword TX_DATA = Keyword.intern("tx-data");
  private static final Keyword INDEX = Keyword.intern("index");
  private static final Keyword COMPONENTS = Keyword.intern("components");
  private static final Keyword ATTRID = Keyword.intern("attrid");
  private static final Keyword AEVT = Keyword.intern("aevt");
  private static final Keyword CHUNK = Keyword.intern("chunk");
  private static final Long NO_LIMIT = -1L;

  private static final Duration BASIS_LAG_MAX = Duration.ofSeconds(10);

  /** The client looks for a newer basis when its last look is older than two seconds. */
  private static final Duration BASIS_AGE_MAX = Duration.ofMillis(2_100);

  private final Object original; // the connection as callers know it
  private final @Nullable String databaseName;
  private final @Nullable Supplier<@Nullable Object> connector;
  private final Calls calls;
  private final ValueTypes types;
  private final LogPages.PageSize pageSize = new LogPages.PageSize();
  private @Nullable Object usable; // guarded by this; null after a call that did not return

  /**
   * @param databaseName the name that the caller used; null to ask the database. Datomic Local in
   *     memory returns an id
   * @param connector makes a new connection; null if only the owner can
   */
  ClientConnection(
      Object connection,
      @Nullable String databaseName,
      @Nullable Supplier<@Nullable Object> connector,
      Duration callLimit) {
    this.original = connection;
    this.usable = connection;
    this.databaseName = databaseName;
    this.connector = connector;
    this.calls = Calls.of(connection, callLimit);
    this.types = new ValueTypes(calls.isRemote());
  }

  @Override
  public String databaseName() {
    if (databaseName != null) {
      return databaseName;
    }
    return call(
        "read the database's name",
        connection -> String.valueOf(RT.get(database(connection), DB_NAME)));
  }

  @Override
  public String databaseId() {
    return call(
        "read the database's id",
        connection -> {
          Object database = database(connection);
          Object id = RT.get(database, DATABASE_ID);
          return String.valueOf(id == null ? RT.get(database, ID) : id);
        });
  }

  @Override
  public long basisT() {
    return number(call("read the basis t", connection -> RT.get(database(connection), T)));
  }

  @Override
  public long freshBasisT() {
    if (!calls.isRemote()) {
      return basisT();
    }
    if (connector == null) {
      Retries.pause(BASIS_AGE_MAX);
      return basisT();
    }
    Object anew = call("read the basis t", unused -> connector.get());
    return number(
        call(
            "read the basis t",
            connection -> {
              Object seen = RT.get(database(anew), T);
              return RT.get(ClientApi.SYNC.invoke(connection, seen), T);
            }));
  }

  @Override
  public Duration basisLagMax() {
    return calls.isRemote() ? BASIS_LAG_MAX : Duration.ZERO;
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    return txRange(range, Integer.MAX_VALUE);
  }

  @Override
  public Stream<Transaction> txRange(TxRange range, int countMax) {
    if (range.startT() > basisT()) {
      return Stream.empty(); // Datomic Local answers with a bare IndexOutOfBoundsException
    }
    if (calls.isRemote()) {
      LogPages pages =
          new LogPages(
              range,
              countMax,
              pageSize,
              (rest, count) ->
                  call("read the log at " + rest, connection -> page(connection, rest, count)));
      return Streams.ofBatches(pages::next);
    }
    return elements(
        "read the log at " + range,
        connection -> ClientApi.TX_RANGE.invoke(connection, arguments(range, (long) countMax)),
        this::entry);
  }

  private List<Transaction> page(Object connection, TxRange range, int count) {
    IPersistentMap arguments = arguments(range, (long) count).assoc(CHUNK, (long) count);
    List<Transaction> page = new ArrayList<>();
    Iterator<?> entries = RT.iter(ClientApi.TX_RANGE.invoke(connection, arguments));
    entries.forEachRemaining(each -> page.add(entry(connection, each)));
    return page;
  }

  private static IPersistentMap arguments(TxRange range, long limit) {
    return RT.map(START, range.startT(), END, range.endT(), LIMIT, limit);
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    return call(
        "transact",
        connection ->
            TransactionReport.ofClient(
                ClientApi.TRANSACT.invoke(
                    connection, RT.map(TX_DATA, PersistentVector.create(txData)))));
  }

  @Override
  public Stream<Datom> datoms(View view, Index index, Object... components) {
    IPersistentMap arguments =
        RT.map(
            INDEX,
            Keyword.intern(index.name().toLowerCase(Locale.ROOT)),
            COMPONENTS,
            PersistentVector.create(components),
            LIMIT,
            NO_LIMIT);
    return elements(
        "read datoms",
        connection -> ClientApi.DATOMS.invoke(database(connection, view), arguments),
        this::datom);
  }

  @Override
  public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
    IPersistentMap arguments =
        RT.map(ATTRID, attribute, START, start, END, end, LIMIT, (long) countMax);
    try (Stream<Datom> datoms =
        elements(
            "read an index range",
            connection -> ClientApi.INDEX_RANGE.invoke(database(connection), arguments),
            this::datom)) {
      return datoms.toList();
    }
  }

  /** Compares the wrapped connections, so that wrapping twice changes nothing. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ClientConnection that && that.original == original;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(original);
  }

  private <T> T call(String doing, Function<Object, @Nullable T> call) {
    Object connection = connection();
    return calls.call(doing, () -> call.apply(connection), () -> giveUp(connection));
  }

  private Object connection() {
    synchronized (this) {
      if (usable != null) {
        return usable;
      }
    }
    Object anew = calls.call("connect again", Objects.requireNonNull(connector));
    synchronized (this) {
      usable = usable == null ? anew : usable;
      return usable;
    }
  }

  /** Discards a connection after a call that never returned. */
  private synchronized void giveUp(Object stuck) {
    if (connector != null && usable == stuck) {
      usable = null;
    }
  }

  /** The current database value; a lost reply is an anomaly of category unavailable. */
  private static Object database(Object connection) {
    Object database = ClientApi.DB.invoke(connection);
    if (database == null) {
      throw new AnomalyException("read the basis", Anomaly.UNAVAILABLE, null, null);
    }
    return database;
  }

  private static Object database(Object connection, View view) {
    Object database = database(connection);
    if (view.asOfT().isPresent()) {
      database = ClientApi.AS_OF.invoke(database, view.asOfT().getAsLong());
    }
    return view.history() ? ClientApi.HISTORY.invoke(database) : database;
  }

  private Transaction entry(Object connection, Object entry) {
    long t = number(RT.get(entry, T));
    List<Datom> datoms = new ArrayList<>();
    Iterator<?> data = RT.iter(RT.get(entry, DATA));
    data.forEachRemaining(each -> datoms.add(datom(connection, each)));
    return new Transaction(
        t, datoms.isEmpty() ? Transaction.entityId(t) : datoms.get(0).tx(), datoms);
  }

  /** A datom is positional as well as associative [Datomic client API, datoms]. */
  private Datom datom(Object connection, Object datom) {
    long attribute = number(RT.nth(datom, 1));
    return withValue(
        types.typed(attribute, RT.nth(datom, 2), ident -> ever(connection, ident)), datom);
  }

  private static Datom withValue(Object value, Object datom) {
    return new Datom(
        number(RT.nth(datom, 0)),
        number(RT.nth(datom, 1)),
        value,
        number(RT.nth(datom, 3)),
        RT.booleanCast(RT.nth(datom, 4)));
  }

  /** All datoms that an attribute ever had; to be used within a call. */
  private static Stream<Datom> ever(Object connection, Keyword ident) {
    IPersistentMap arguments =
        RT.map(INDEX, AEVT, COMPONENTS, PersistentVector.create(ident), LIMIT, NO_LIMIT);
    Object history = ClientApi.HISTORY.invoke(database(connection));
    return Streams.of(
        new GuardedIterator<>(
            "read value types",
            RT.iter(ClientApi.DATOMS.invoke(history, arguments)),
            datom -> withValue(RT.nth(datom, 2), datom)));
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private <T> Stream<T> elements(
      String doing, Function<Object, Object> read, BiFunction<Object, Object, T> convert) {
    Iterator<?> elements = call(doing, connection -> RT.iter(read.apply(connection)));
    if (!calls.isRemote()) {
      return Streams.of(
          new GuardedIterator<>(doing, elements, each -> convert.apply(original, each)));
    }
    return Streams.ofBatches(
        () ->
            call(
                doing,
                connection -> Batches.next(elements, each -> convert.apply(connection, each))));
  }

  /** Classifies the failures of later reads like the failures of a call. */
  private record GuardedIterator<T>(String doing, Iterator<?> elements, Function<Object, T> convert)
      implements Iterator<T> {
    @Override
    public boolean hasNext() {
      return Anomalies.guard(doing, elements::hasNext);
    }

    @Override
    public T next() {
      return Anomalies.guard(doing, () -> convert.apply(elements.next()));
    }
  }
}
