package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door to Clojure, on a real Datomic Local. */
class DatomicClientTest {
  private static final String CANARY = "s3cr3t-canary";

  private static final Object RAW_CLIENT =
      ClientApi.CLIENT.invoke(
          Edn.read("{:server-type :datomic-local :storage-dir :mem :system \"raw-client\"}"));

  private static DatomicClient client;

  @BeforeAll
  static void makeClient() {
    client =
        DatomicClient.ofEdn(
            "{:server-type :datomic-local :storage-dir :mem :system \"client-test\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{:server-type",
        "[:not :a :map]",
        "{:server-type :nonsense :secret \"" + CANARY + "\"}",
        "{:server-type :datomic-local :storage-dir \"relative\" :system \"" + CANARY + "\"}",
        "{:secret \"" + CANARY + "\" :secret}"
      })
  void refusesAClientMapThatCannotWorkWithoutQuotingIt(String clientMap) {
    assertThatThrownBy(() -> DatomicClient.ofEdn(clientMap).databaseNames())
        .isInstanceOf(InvalidConfigurationException.class)
        .satisfies(thrown -> assertThat(everything(thrown)).doesNotContain(CANARY));
  }

  @Test
  void namesTheKeyOfLocalThatIsWrong() {
    assertThatThrownBy(
            () ->
                DatomicClient.ofEdn(
                    "{:server-type :datomic-local :storage-dir \"here\" :system \"s\"}"))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused ->
                assertThat(refused.hint())
                    .isEqualTo("give :system, and a :storage-dir that begins with /"));
    assertThat(DatomicClient.hintForLocal(ClassLoader.getPlatformClassLoader()))
        .isEqualTo("add com.datomic:local to the class path");
  }

  @Test
  void refusesADatabaseThatIsNotThereAndMakesNothing(@TempDir Path directory) {
    assertThatThrownBy(() -> client.connect("nowhere"))
        .isInstanceOf(NoSuchDatabaseException.class)
        .hasMessageContaining("nowhere");
    Path missing = directory.resolve("missing");
    DatomicClient durable =
        DatomicClient.ofEdn(
            "{:server-type :datomic-local :storage-dir "
                + Edn.write(missing.toString())
                + " :system \"s\"}");
    assertThatThrownBy(() -> durable.connect("nowhere"))
        .isInstanceOf(NoSuchDatabaseException.class);
    assertThat(Files.exists(missing)).isFalse();
  }

  @Test
  void namesThePeerLibraryThatIsMissing() {
    assertThatThrownBy(
            () -> PeerSystem.of("datomic:mem://%s", Calls.LIMIT_DEFAULT, new ClassLoader(null) {}))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused -> assertThat(refused.hint()).contains("com.datomic:peer"));
    assertThat(PeerSystem.cacheMegabytes(1L << 30)).isEqualTo(128);
    assertThat(PeerSystem.cacheMegabytes(512L << 20)).isEqualTo(64);
  }

  @Test
  void createsADatabaseOnce() {
    client.createDatabase("once");
    client.connect("once").transact(List.of());
    client.createDatabase("once");
    assertThat(client.connect("once").basisT()).isEqualTo(6);
    assertThat(client.databaseNames()).contains("once");
    assertThat(client.connect("once").databaseName()).isEqualTo("once");
  }

  @Test
  void readsTheLogAsFarAsThereIsOne() {
    client.createDatabase("log");
    DatomicConnection connection = client.connect("log");
    assertThat(ts(connection, 0, 1_000)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(ts(connection, 4, 5)).containsExactly(4L);
    assertThat(ts(connection, 6, 7)).isEmpty();
    assertThat(ts(connection, 1_000, 2_000)).isEmpty();
  }

  @Test
  void reportsWhatATransactionDid() {
    client.createDatabase("report");
    DatomicConnection connection = client.connect("report");
    TransactionReport report =
        connection.transact(
            List.of(
                TxData.add("e", Keyword.intern("db", "doc"), "x"),
                TxData.add(TxData.CURRENT_TRANSACTION, Keyword.intern("db", "doc"), "y")));
    assertThat(report.basisTBefore()).isEqualTo(5);
    assertThat(report.basisTAfter()).isEqualTo(6);
    assertThat(report.tempids())
        .containsOnlyKeys("e", TxData.CURRENT_TRANSACTION)
        .containsEntry(TxData.CURRENT_TRANSACTION, Transaction.entityId(6));
    long entity = Objects.requireNonNull(report.tempids().get("e"));
    try (Stream<Datom> docs = connection.datoms(View.CURRENT, Index.EAVT, entity)) {
      assertThat(docs.map(Datom::v)).containsExactly("x");
    }
    try (Stream<Datom> docs = connection.datoms(View.asOf(5), Index.EAVT, entity)) {
      assertThat(docs).isEmpty();
    }
  }

  /** Datomic's message quotes the datom; ours must not, and neither may the cause's. */
  @Test
  void classifiesARefusalWithoutQuotingValues() {
    client.createDatabase("refusal");
    DatomicConnection connection = client.connect("refusal");
    assertThatThrownBy(
            () ->
                connection.transact(
                    List.of(
                        TxData.add(
                            Keyword.intern("db", "doc"), Keyword.intern("db", "doc"), CANARY))))
        .isInstanceOfSatisfying(
            AnomalyException.class,
            anomaly -> {
              assertThat(anomaly.anomaly()).isEqualTo(Anomaly.INCORRECT);
              assertThat(anomaly.databaseError()).contains(":db.error/datom-cannot-be-altered");
              assertThat(everything(anomaly)).doesNotContain(CANARY).contains("datomic.");
            });
  }

  @Test
  void wrapsOneConnectionAsOne() {
    Object connection = raw("wrapped");
    assertThat(DatomicConnection.of(connection))
        .isEqualTo(DatomicConnection.of(connection))
        .hasSameHashCodeAs(DatomicConnection.of(connection))
        .isNotEqualTo(DatomicConnection.of(raw("another")));
    assertThat(DatomicConnection.of(connection).basisT()).isEqualTo(5);
  }

  @Test
  void refusesWhatIsNoConnectionAtOnce() {
    for (Object other : List.of("x", RAW_CLIENT, new Object())) {
      assertThatThrownBy(() -> DatomicConnection.of(other))
          .isInstanceOfSatisfying(
              InvalidConfigurationException.class,
              refused -> assertThat(refused.hint()).contains("datomic.client.api/connect"))
          .hasMessageContaining(other.getClass().getName());
    }
    assertThatThrownBy(() -> DatomicClient.of(raw("no-client")))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused -> assertThat(refused.hint()).contains("datomic.client.api/client"));
    assertThat(DatomicClient.of(RAW_CLIENT).databaseNames()).contains("no-client");
  }

  private static Object raw(String databaseName) {
    Object name = RT.map(Keyword.intern("db-name"), databaseName);
    ClientApi.CREATE_DATABASE.invoke(RAW_CLIENT, name);
    return ClientApi.CONNECT.invoke(RAW_CLIENT, name);
  }

  private static List<Long> ts(DatomicConnection connection, long startT, long endT) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(startT, endT))) {
      return log.map(Transaction::t).toList();
    }
  }

  private static String everything(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
