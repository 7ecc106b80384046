package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real log, from its very first transaction. */
class BootstrapSegmentTest {
  private static List<Transaction> log = List.of();

  @BeforeAll
  static void readARealLog() {
    DatomicClient client =
        DatomicClient.ofEdn(
            "{:server-type :datomic-local :storage-dir :mem :system \"segment-bootstrap\"}");
    client.createDatabase("orders");
    DatomicConnection connection = client.connect("orders");
    connection.transact(
        List.of(
            RT.map(
                key("db/ident"), key("point/name"),
                key("db/valueType"), key("db.type/string"),
                key("db/cardinality"), key("db.cardinality/one")),
            RT.map(
                key("db/ident"), key("point/at"),
                key("db/valueType"), key("db.type/tuple"),
                key("db/tupleTypes"),
                    PersistentVector.create(key("db.type/long"), key("db.type/ref")),
                key("db/cardinality"), key("db.cardinality/one"))));
    connection.transact(
        List.of(
            RT.map(
                key("point/name"),
                "here",
                key("point/at"),
                PersistentVector.create(1L, key("db.type/string")))));
    try (Stream<Transaction> transactions = connection.txRange(new TxRange(0, 1000))) {
      log = transactions.toList();
    }
  }

  private static Keyword key(String text) {
    return Keyword.intern(text);
  }

  private static WrittenSegment write(Schema schemaAtStart, List<Transaction> transactions) {
    long startT = transactions.get(0).t();
    SegmentWriter writer =
        new SegmentWriter(
            Logs.SOURCE,
            schemaAtStart,
            startT,
            startT == 0 ? OptionalLong.empty() : OptionalLong.of(startT - 1),
            SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
    transactions.forEach(writer::add);
    return writer.finish();
  }

  @Test
  void keepsARealLogFromItsBeginning() {
    Segment segment = Segment.read(write(new Schema(), log).bytes(), "orders");

    assertThat(segment.transactions()).containsExactlyElementsOf(log);
    assertThat(segment.schemaAtStart().attributes()).isEmpty();
    assertThat(segment.info().previousT()).isEmpty();
    assertThat(segment.info().range()).isEqualTo(new TxRange(0, 8));
    assertThat(segment.info().firstInstant()).hasValue(Instant.EPOCH);
  }

  @Test
  void datesNothingInTheUndatedBootstrap() {
    SegmentInfo info = write(new Schema(), log.subList(0, 2)).info();

    assertThat(info.firstInstant()).isEmpty();
    assertThat(info.lastInstant()).isEmpty();
  }

  @Test
  void bootstrapUsesNothingButTheDateOfItsTransactions() {
    assertThat(write(new Schema(), log.subList(0, 6)).info().builtInsUsed())
        .containsExactly(":db/txInstant");
  }

  @Test
  void namesTheBuiltInsThatUsersUse() {
    Schema schema = new Schema();
    log.subList(0, 6).forEach(schema::apply);
    WrittenSegment written = write(schema, log.subList(6, 8));

    assertThat(written.info().builtInsUsed())
        .containsExactlyInAnyOrder(
            ":db/txInstant",
            ":db/ident",
            ":db/valueType",
            ":db/cardinality",
            ":db/tupleTypes",
            ":db.type/string",
            ":db.type/tuple",
            ":db.cardinality/one");
  }

  @Test
  void aSegmentInTheMiddleKnowsTheSchemaSoFar() {
    Schema schema = new Schema();
    log.subList(0, 7).forEach(schema::apply);
    Segment segment = Segment.read(write(schema, log.subList(7, 8)).bytes(), "orders");
    Schema read = segment.schemaAtStart();

    assertThat(read.attributes()).containsExactlyElementsOf(schema.attributes());
    assertThat(read.builtIns()).isEqualTo(Map.copyOf(schema.builtIns()));
    assertThat(read.attributeNamed(key("point/at"))).isNotNull();
    assertThat(segment.info().builtInsUsed()).contains(":db.type/string");
  }

  @Test
  void aFreshDatabasesHeaderIsShort() {
    byte[] bytes = write(new Schema(), log).bytes();

    assertThat(Segment.headerSizeNeeded(bytes).getAsInt()).isLessThan(Segment.HEADER_SIZE_HINT / 2);
  }
}
