package com.fulcrologic.datomiccloudbackup.wire;

import clojure.lang.IExceptionInfo;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentHashMap;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The operations of the protocol, over the databases behind the wire. Thread-safe. */
final class CloudOperations {
  private static final Keyword CATEGORY = kw("cognitect.anomalies/category");
  private static final long LIMIT_DEFAULT = 1_000;
  private static final long CHUNK_DEFAULT = 1_000;

  private final LocalApi api;
  private final Nodes nodes;
  private final Counts counts;
  private final Map<String, ServedDatabase> byName = new ConcurrentSkipListMap<>();
  private final Map<String, Result> results = lastOnes(1_000); // by next-token
  private volatile Dbs dbs = Dbs.NODES;

  /** What a reply tells of how far the database is. */
  enum Dbs {
    /** Nothing. */
    NONE,
    /** What the asker knew. */
    ASKERS,
    /** The basis of the node that answers. */
    NODES
  }

  /** All elements of a result, which are sent chunk by chunk. */
  private record Result(String operation, List<Object> elements, ServedDatabase database) {}

  CloudOperations(LocalApi api, Nodes nodes, Counts counts) {
    this.api = api;
    this.nodes = nodes;
    this.counts = counts;
  }

  private static <K, V> Map<K, V> lastOnes(int countMax) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > countMax;
          }
        });
  }

  void tell(Dbs newDbs) {
    dbs = newDbs;
  }

  ServedDatabase create(String name) {
    return byName.computeIfAbsent(
        name,
        unused -> {
          api.create(name);
          return new ServedDatabase(api, name, UUID.randomUUID().toString());
        });
  }

  boolean exists(String name) {
    return byName.containsKey(name);
  }

  void delete(String name) {
    if (byName.remove(name) != null) {
      api.delete(name);
    }
  }

  ServedDatabase database(String name) {
    ServedDatabase database = byName.get(name);
    if (database == null) {
      throw new IllegalArgumentException("no database " + name);
    }
    return database;
  }

  /** The body of the reply. */
  IPersistentMap apply(String operation, IPersistentMap request) {
    try {
      return switch (operation) {
        case "resolve-db" -> resolve(request);
        case "list-dbs" -> map("result", PersistentVector.create(new ArrayList<>(byName.keySet())));
        case "create-db" -> {
          create(text(request, "db-name"));
          yield map("result", true);
        }
        case "delete-db" -> {
          delete(text(request, "db-name"));
          yield map("result", true);
        }
        case "next" -> next(request);
        default -> inDatabase(operation, request);
      };
    } catch (RuntimeException refused) {
      return anomaly(refused);
    }
  }

  private IPersistentMap resolve(IPersistentMap request) {
    ServedDatabase known = byName.get(text(request, "db-name"));
    return known == null
        ? map("cognitect.anomalies/category", kw("cognitect.anomalies/not-found"))
        : map("database-id", known.id());
  }

  private IPersistentMap inDatabase(String operation, IPersistentMap request) {
    ServedDatabase database = addressed(request);
    long askersT = number(request, "t", -1);
    long basisT = nodes.basisT(database.id(), database.basisT(), askersT);
    return switch (operation) {
      case "status" -> map("t", basisT, "next-t", basisT + 1);
      case "with-db" -> map("t", basisT, "next-t", basisT + 1, "next-token", "none");
      case "tx-range" ->
          first(operation, request, database, basisT, log(request, database, basisT));
      case "datoms" ->
          first(operation, request, database, basisT, datoms(request, database, basisT));
      case "index-range" ->
          first(operation, request, database, basisT, indexRange(request, database, basisT));
      case "transact" -> transact(request, database);
      default -> throw new IllegalArgumentException("no operation " + operation);
    };
  }

  private ServedDatabase addressed(IPersistentMap request) {
    String id = text(request, "database-id");
    return byName.values().stream()
        .filter(database -> database.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no database " + id));
  }

  private List<Object> log(IPersistentMap request, ServedDatabase database, long basisT) {
    long start = number(request, "start", 0);
    long end = Math.min(number(request, "end", Long.MAX_VALUE), basisT + 1);
    if (start >= end) {
      return List.of(); // Local throws where a log does not reach
    }
    Object arguments = map("start", start, "end", end, "limit", limit(request));
    List<Object> entries = new ArrayList<>();
    for (Object entry : api.all("tx-range", database.connection(), arguments)) {
      entries.add(
          map("t", RT.get(entry, kw("t")), "data", WireCodec.datoms(RT.get(entry, kw("data")))));
    }
    return entries;
  }

  private List<Object> datoms(IPersistentMap request, ServedDatabase database, long basisT) {
    Keyword index = (Keyword) RT.get(request, kw("index"));
    List<Object> components = new ArrayList<>();
    for (char component : index.getName().substring(0, 3).toCharArray()) {
      Object value = RT.get(request, kw(String.valueOf(component)));
      if (value == null) {
        break;
      }
      components.add(value);
    }
    Object arguments =
        map("index", index, "components", PersistentVector.create(components), "limit", -1L);
    return coded("datoms", db(request, database, basisT), arguments, request);
  }

  private List<Object> indexRange(IPersistentMap request, ServedDatabase database, long basisT) {
    Object arguments =
        map(
            "attrid",
            RT.get(request, kw("attrid")),
            "start",
            RT.get(request, kw("start")),
            "end",
            RT.get(request, kw("end")),
            "limit",
            -1L);
    return coded("index-range", db(request, database, basisT), arguments, request);
  }

  private static Object db(IPersistentMap request, ServedDatabase database, long basisT) {
    boolean isHistory = Boolean.TRUE.equals(RT.get(request, kw("history")));
    return database.db(Math.min(basisT, number(request, "as-of", basisT)), isHistory);
  }

  private List<Object> coded(String function, Object db, Object arguments, IPersistentMap request) {
    return api.all(function, db, arguments).stream()
        .limit(limit(request))
        .map(WireCodec::datom)
        .toList();
  }

  private IPersistentMap transact(IPersistentMap request, ServedDatabase database) {
    Object report = database.transact((List<?>) RT.get(request, kw("tx-data")));
    LongFunction<IPersistentMap> db =
        t -> map("database-id", database.id(), "t", t, "next-t", t + 1);
    long before = LocalApi.basisT(RT.get(report, kw("db-before")));
    long after = LocalApi.basisT(RT.get(report, kw("db-after")));
    IPersistentMap reply =
        map(
            "db-before",
            db.apply(before),
            "db-after",
            db.apply(after),
            "tx-data",
            WireCodec.datoms(RT.get(report, kw("tx-data"))),
            "tempids",
            RT.get(report, kw("tempids")));
    return withDbs(reply, database, number(request, "t", after), after);
  }

  private IPersistentMap first(
      String operation,
      IPersistentMap request,
      ServedDatabase database,
      long basisT,
      List<Object> elements) {
    Result result = new Result(operation, elements, database);
    IPersistentMap reply = chunk(result, "", number(request, "offset", 0), request);
    return withDbs(reply, database, number(request, "t", basisT), basisT);
  }

  private IPersistentMap next(IPersistentMap request) {
    String token = text(request, "next-token");
    Result result = results.get(token);
    if (result == null) {
      return map(
          "cognitect.anomalies/category",
          kw("cognitect.anomalies/incorrect"),
          "cognitect.anomalies/message",
          "the token is expired");
    }
    return chunk(result, token, number(request, "offset", 0), request);
  }

  /** Forgets all results: each {@code next} meets a token that is expired. */
  void expireTokens() {
    results.clear();
  }

  private IPersistentMap chunk(Result result, String token, long offset, IPersistentMap request) {
    long chunk = number(request, "chunk", CHUNK_DEFAULT);
    int from = (int) Math.min(offset, result.elements().size());
    int to = (int) Math.min(from + chunk, result.elements().size());
    counts.sent(result.operation(), to - from);
    IPersistentMap reply =
        map("data", PersistentVector.create(result.elements().subList(from, to)));
    if (to == result.elements().size()) {
      return reply; // the token stays: a client that lost this reply asks again
    }
    String known = token.isEmpty() ? UUID.randomUUID().toString() : token;
    results.put(known, result);
    return (IPersistentMap)
        RT.assoc(
            RT.assoc(RT.assoc(reply, kw("next-token"), known), kw("next-offset"), Long.valueOf(to)),
            kw("chunk"),
            chunk);
  }

  private IPersistentMap withDbs(
      IPersistentMap reply, ServedDatabase database, long askersT, long basisT) {
    if (dbs == Dbs.NONE) {
      return reply;
    }
    long t = dbs == Dbs.ASKERS ? askersT : basisT;
    return (IPersistentMap)
        RT.assoc(
            reply,
            kw("dbs"),
            RT.vector(map("database-id", database.id(), "t", t, "next-t", t + 1)));
  }

  private static IPersistentMap anomaly(RuntimeException refused) {
    Throwable each = refused;
    while (each != null) {
      if (each instanceof IExceptionInfo info && info.getData().valAt(CATEGORY) != null) {
        IPersistentMap body = map("cognitect.anomalies/category", info.getData().valAt(CATEGORY));
        Object error = info.getData().valAt(kw("db/error"));
        return error == null ? body : (IPersistentMap) RT.assoc(body, kw("db/error"), error);
      }
      each = each.getCause();
    }
    return map(
        "cognitect.anomalies/category",
        kw("cognitect.anomalies/incorrect"),
        "cognitect.anomalies/message",
        String.valueOf(refused.getMessage()));
  }

  private static long limit(IPersistentMap request) {
    long limit = number(request, "limit", LIMIT_DEFAULT);
    return limit < 0 ? Integer.MAX_VALUE : limit;
  }

  private static String text(IPersistentMap request, String key) {
    return String.valueOf(RT.get(request, kw(key)));
  }

  private static long number(IPersistentMap request, String key, long otherwise) {
    return RT.get(request, kw(key)) instanceof Number number ? number.longValue() : otherwise;
  }

  static IPersistentMap map(@Nullable Object... keysAndValues) {
    IPersistentMap map = PersistentHashMap.EMPTY;
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map = map.assoc(kw((String) keysAndValues[i]), keysAndValues[i + 1]);
    }
    return map;
  }

  static Keyword kw(@Nullable String text) {
    return Keyword.intern(text);
  }
}
