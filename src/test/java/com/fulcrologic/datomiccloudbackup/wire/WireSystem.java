package com.fulcrologic.datomiccloudbackup.wire;

import clojure.lang.IPersistentMap;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.wire.WireReply.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stand-in for a Datomic Cloud system on this machine: the endpoint, the bucket with the keys,
 * and a Datomic Local in memory behind them. The key bucket is one for all systems of the process,
 * since the AWS SDK learns its address once.
 */
final class WireSystem implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String BUCKET = "wire-keys";
  private static final AccessKeys KEYS = new AccessKeys(BUCKET);
  private static final KeyBucket BUCKET_SERVER = KeyBucket.start(BUCKET, KEYS);

  private final String system = "wire-" + NUMBER.incrementAndGet();
  private final LocalApi api = new LocalApi();
  private final Counts counts = new Counts();
  private final Faults faults = new Faults();
  private final Nodes nodes;
  private final CloudOperations operations;
  private final SocketServer endpoint;

  private WireSystem(int nodeCount) {
    nodes = new Nodes(nodeCount);
    operations = new CloudOperations(api, nodes, counts);
    try {
      endpoint =
          new SocketServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), this::answer);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    BUCKET_SERVER.serve(system, operations);
  }

  /** One node, no lag, no fault. */
  static WireSystem start() {
    return start(1);
  }

  /** Requests go to the nodes in turn. */
  static WireSystem start(int nodeCount) {
    return new WireSystem(nodeCount);
  }

  /** The client map, in EDN; another one for each system, so that no HTTP client is shared. */
  String clientMap() {
    return "{:server-type :cloud :region \""
        + AccessKeys.REGION
        + "\" :system \""
        + system
        + "\" :endpoint \"http://127.0.0.1:"
        + endpoint.port()
        + "\"}";
  }

  /** The client map of the database behind the wire. */
  String localClientMap() {
    return api.clientMap();
  }

  DatomicClient client() {
    return DatomicClient.ofEdn(clientMap());
  }

  /** A new database, through the wire. */
  DatomicConnection newDatabase() {
    String name = "db-" + NUMBER.incrementAndGet();
    DatomicClient client = client();
    client.createDatabase(name);
    return client.connect(name);
  }

  DatomicConnection connect(String name) {
    return client().connect(name);
  }

  /** The database behind the wire. */
  DatomicConnection local(String name) {
    ServedDatabase database = operations.database(name);
    return new ForwardingConnection(DatomicConnection.of(database.connection())) {
      @Override
      public String databaseName() {
        return name;
      }

      @Override
      public String databaseId() {
        return database.id();
      }
    };
  }

  Nodes nodes() {
    return nodes;
  }

  Faults faults() {
    return faults;
  }

  Counts counts() {
    return counts;
  }

  CloudOperations operations() {
    return operations;
  }

  /** Requests that are signed with the keys so far are refused from now on, in all systems. */
  static void rotateKeys() {
    KEYS.rotate();
  }

  /** The bucket of the keys. */
  static KeyBucket keyBucket() {
    return BUCKET_SERVER;
  }

  /** Whether all nodes are down. */
  void down(boolean isDown) {
    endpoint.refuse(isDown);
  }

  @Override
  public void close() {
    endpoint.close();
  }

  private WireReply answer(WireRequest request) {
    if (request.method().equals("GET")) {
      return WireReply.text(200, "{:s3-auth-path \"" + BUCKET + "\"}");
    }
    String operation = request.operation();
    counts.called(operation);
    Optional<Fault> fault = faults.next(operation);
    if (!KEYS.isSigned(request)) {
      counts.called("refused");
      return WireReply.text(403, "");
    }
    IPersistentMap body = (IPersistentMap) WireCodec.read(request.body());
    IPersistentMap result =
        fault.filter(Fault::isBefore).isPresent()
            ? CloudOperations.map("data", RT.vector())
            : operations.apply(operation, body);
    WireReply reply =
        fault.map(each -> spoiled(each, result)).orElseGet(() -> transit(200, result));
    counts.replied(reply.body().length);
    return reply;
  }

  private static WireReply transit(int status, Object body) {
    return new WireReply(status, WireCodec.CONTENT_TYPE, WireCodec.write(body), Fate.WHOLE);
  }

  private static WireReply spoiled(Fault fault, IPersistentMap result) {
    return switch (fault.kind()) {
      case FATE -> transit(200, result).suffering(fault.fate());
      case NOT_TRANSIT ->
          new WireReply(
              200,
              WireCodec.CONTENT_TYPE,
              new byte[] {(byte) 0xc1, (byte) 0xc1, (byte) 0xc1},
              Fate.WHOLE);
      case EMPTY -> new WireReply(200, WireCodec.CONTENT_TYPE, new byte[0], Fate.WHOLE);
      case NIL -> new WireReply(200, WireCodec.CONTENT_TYPE, new byte[] {(byte) 0xc0}, Fate.WHOLE);
      case STATUS -> WireReply.text(fault.status(), "");
      case ANOMALY -> transit(fault.status(), anomaly(fault, result));
      case DELAY -> {
        pause(fault);
        yield transit(200, result);
      }
    };
  }

  private static IPersistentMap anomaly(Fault fault, IPersistentMap result) {
    IPersistentMap body =
        CloudOperations.map(
            "cognitect.anomalies/category",
            CloudOperations.kw("cognitect.anomalies/" + fault.category()));
    Object dbs = RT.get(result, CloudOperations.kw("dbs"));
    body = fault.withDbs() && dbs != null ? body.assoc(CloudOperations.kw("dbs"), dbs) : body;
    return fault.databaseError() == null
        ? body
        : body.assoc(
            CloudOperations.kw("db/error"),
            CloudOperations.kw("db.error/" + fault.databaseError()));
  }

  private static void pause(Fault fault) {
    try {
      Thread.sleep(fault.delay().toMillis());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
