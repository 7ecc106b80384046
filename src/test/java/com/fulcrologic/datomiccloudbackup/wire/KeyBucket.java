package com.fulcrologic.datomiccloudbackup.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The bucket that the client reads its keys from: an https server on this machine, to which system
 * properties lead the AWS SDK. They must be set before the SDK is loaded.
 */
final class KeyBucket {
  private static final char[] PASSWORD = "stand-in".toCharArray();
  private static final String DATABASE_PATH = "/datomic/access/dbs/db/";

  private final String bucket;
  private final AccessKeys keys;
  private final Map<String, CloudOperations> systems = new ConcurrentHashMap<>();
  private final AtomicInteger requestCount = new AtomicInteger();
  private volatile IntUnaryOperator statusPlan = n -> 200;

  private KeyBucket(String bucket, AccessKeys keys) {
    this.bucket = bucket;
    this.keys = keys;
  }

  /** Starts it, and leads the AWS SDK of this process to it. */
  static KeyBucket start(String bucket, AccessKeys keys) {
    KeyBucket started = new KeyBucket(bucket, keys);
    try {
      Path directory = Files.createTempDirectory("wire");
      directory.toFile().deleteOnExit(); // after what is in it
      ServerSocket socket =
          tls(directory)
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      SocketServer server = new SocketServer(socket, started::answer);
      Path regions = directory.resolve("regions.xml");
      regions.toFile().deleteOnExit();
      Files.writeString(
          regions,
          """
          <XML><Regions><Region><Name>%s</Name><Domain>wire</Domain><Endpoint>
          <ServiceName>s3</ServiceName><Http>false</Http><Https>true</Https>
          <Hostname>127.0.0.1:%d</Hostname></Endpoint></Region></Regions></XML>
          """
              .formatted(AccessKeys.REGION, server.port()));
      System.setProperty("com.amazonaws.regions.RegionUtils.fileOverride", regions.toString());
      System.setProperty("com.amazonaws.sdk.disableCertChecking", "true");
      System.setProperty("aws.accessKeyId", "wire");
      System.setProperty("aws.secretKey", "wire");
      return started;
    } catch (IOException | GeneralSecurityException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  void serve(String system, CloudOperations operations) {
    systems.put(system, operations);
  }

  /** The status of the nth request from now on, counted from 1; 200 unless it is told otherwise. */
  void plan(IntUnaryOperator newPlan) {
    requestCount.set(0);
    statusPlan = newPlan;
  }

  private WireReply answer(WireRequest request) {
    int status = statusPlan.applyAsInt(requestCount.incrementAndGet());
    String prefix = "/" + bucket + "/";
    String path = request.path();
    if (status != 200 || !path.startsWith(prefix)) {
      return WireReply.text(status == 200 ? 404 : status, "");
    }
    String system = path.substring(prefix.length(), path.indexOf('/', prefix.length()));
    CloudOperations operations = systems.get(system);
    int database = path.indexOf(DATABASE_PATH);
    boolean isKnown =
        operations != null
            && (database < 0
                || operations.exists(
                    databaseIn(path.substring(database + DATABASE_PATH.length()))));
    return isKnown
        ? new WireReply(200, "application/json", keys.file(), WireReply.Fate.WHOLE)
        : WireReply.text(404, "");
  }

  private static String databaseIn(String rest) {
    return rest.substring(0, rest.indexOf('/'));
  }

  private static SSLContext tls(Path directory)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = directory.resolve("wire.p12");
    store.toFile().deleteOnExit();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "wire",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(1, TimeUnit.MINUTES)) {
      keytool.destroyForcibly();
    }
    KeyStore keyStore = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keyStore.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keyStore, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
