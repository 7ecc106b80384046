package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A connection of {@code datomic.client.api}, whatever the server type. */
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
  private static final Keyword DB_BEFORE = Keyword.intern("db-before");
  private static final Keyword DB_AFTER = Keyword.intern("db-after");
  private static final Keyword TEMPIDS = Keyword.intern("tempids");
  private static final Keyword INDEX = Keyword.intern("index");
  private static final Keyword COMPONENTS = Keyword.intern("components");
  private static final Keyword ATTRID = Keyword.intern("attrid");
  private static final Long NO_LIMIT = -1L;

  private final Object connection;
  private final @Nullable String databaseName;

  /**
   * @param databaseName the name that the caller used; null to ask the database, of which Datomic
   *     Local in memory answers with an id
   */
  ClientConnection(Object connection, @Nullable String databaseName) {
    this.connection = connection;
    this.databaseName = databaseName;
  }

  @Override
  public String databaseName() {
    if (databaseName != null) {
      return databaseName;
    }
    return Anomalies.guard(
        "read the database's name", () -> String.valueOf(RT.get(database(), DB_NAME)));
  }

  @Override
  public String databaseId() {
    return Anomalies.guard(
        "read the database's id",
        () -> {
          Object database = database();
          Object id = RT.get(database, DATABASE_ID);
          return String.valueOf(id == null ? RT.get(database, ID) : id);
        });
  }

  @Override
  public long basisT() {
    return Anomalies.guard("read the basis t", () -> number(RT.get(database(), T)));
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    String doing = "read the log at " + range;
    return Anomalies.guard(
        doing,
        () -> {
          if (range.startT() > number(RT.get(database(), T))) {
            return Stream.empty(); // Datomic Local answers with a bare IndexOutOfBoundsException
          }
          IPersistentMap arguments =
              RT.map(START, range.startT(), END, range.endT(), LIMIT, NO_LIMIT);
          return stream(
              doing, ClientApi.TX_RANGE.invoke(connection, arguments), ClientConnection::entry);
        });
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    return Anomalies.guard(
        "transact",
        () -> {
          Object report =
              ClientApi.TRANSACT.invoke(
                  connection, RT.map(TX_DATA, PersistentVector.create(txData)));
          Map<String, Long> tempids = new HashMap<>();
          if (RT.get(report, TEMPIDS) instanceof Map<?, ?> resolved) {
            resolved.forEach(
                (tempid, id) -> {
                  if (id != null) { // of "datomic.tx" as a value, Local reports no id
                    tempids.put(String.valueOf(tempid), number(id));
                  }
                });
          }
          return new TransactionReport(
              number(RT.get(RT.get(report, DB_BEFORE), T)),
              number(RT.get(RT.get(report, DB_AFTER), T)),
              RT.count(RT.get(report, TX_DATA)),
              tempids);
        });
  }

  @Override
  public Stream<Datom> datoms(View view, Index index, Object... components) {
    String doing = "read datoms";
    return Anomalies.guard(
        doing,
        () -> {
          IPersistentMap arguments =
              RT.map(
                  INDEX,
                  Keyword.intern(index.name().toLowerCase(java.util.Locale.ROOT)),
                  COMPONENTS,
                  PersistentVector.create(components),
                  LIMIT,
                  NO_LIMIT);
          return stream(
              doing, ClientApi.DATOMS.invoke(database(view), arguments), ClientConnection::datom);
        });
  }

  @Override
  public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
    String doing = "read an index range";
    return Anomalies.guard(
        doing,
        () -> {
          IPersistentMap arguments =
              RT.map(ATTRID, attribute, START, start, END, end, LIMIT, (long) countMax);
          try (Stream<Datom> datoms =
              stream(
                  doing,
                  ClientApi.INDEX_RANGE.invoke(database(), arguments),
                  ClientConnection::datom)) {
            return datoms.toList();
          }
        });
  }

  /** By the connection that it wraps, so that wrapping twice changes nothing. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ClientConnection that && that.connection == connection;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(connection);
  }

  private Object database() {
    return ClientApi.DB.invoke(connection);
  }

  private Object database(View view) {
    Object database = database();
    if (view.asOfT().isPresent()) {
      database = ClientApi.AS_OF.invoke(database, view.asOfT().getAsLong());
    }
    return view.history() ? ClientApi.HISTORY.invoke(database) : database;
  }

  private static Transaction entry(Object entry) {
    long t = number(RT.get(entry, T));
    List<Datom> datoms = new ArrayList<>();
    Iterator<?> data = RT.iter(RT.get(entry, DATA));
    while (data.hasNext()) {
      datoms.add(datom(data.next()));
    }
    return new Transaction(
        t, datoms.isEmpty() ? Transaction.entityId(t) : datoms.get(0).tx(), datoms);
  }

  /** A datom is positional as well as associative [Datomic client API, datoms]. */
  private static Datom datom(Object datom) {
    return new Datom(
        number(RT.nth(datom, 0)),
        number(RT.nth(datom, 1)),
        RT.nth(datom, 2),
        number(RT.nth(datom, 3)),
        RT.booleanCast(RT.nth(datom, 4)));
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static <T> Stream<T> stream(String doing, Object sequence, Function<Object, T> convert) {
    Iterator<T> guarded = new GuardedIterator<>(doing, RT.iter(sequence), convert);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(guarded, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /** Reading on can fail too, and is classified like any call. */
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
