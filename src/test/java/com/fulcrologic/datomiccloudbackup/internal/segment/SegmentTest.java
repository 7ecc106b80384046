package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SegmentTest {
  private static final int CONTENT_SIZE_MAX = 1 << 20;

  @Test
  void keepsTransactionsAsTheyAre() {
    long tx = Transaction.entityId(7);
    Transaction replacing =
        Logs.transaction(
            7,
            Logs.datom(7, Logs.ALICE, Logs.NAME, "new"),
            new Datom(Logs.ALICE, Logs.NAME, "old", tx, false),
            Logs.datom(7, tx, Logs.DOC, "why"),
            Logs.datom(7, -1, Long.MAX_VALUE, Logs.tuple(1L, null)));
    Transaction[] log = {
      Logs.naming(6, "old"), replacing, new Transaction(9, 12345, List.of()), Logs.naming(12, "x")
    };

    assertThat(Logs.read(Logs.write(log).bytes())).containsExactly(log);
  }

  @Test
  void tellsWhatItHoldsInItsHeader() {
    SegmentWriter writer =
        new SegmentWriter(Logs.SOURCE, Logs.schema(), 8, OptionalLong.of(5), CONTENT_SIZE_MAX);
    writer.add(Logs.naming(10, "x"));
    writer.add(Logs.naming(14, "y"));
    WrittenSegment written = writer.finish();
    SegmentInfo info = Segment.read(written.bytes(), "orders").info();

    assertThat(info).isEqualTo(written.info());
    assertThat(info.formatVersion()).isEqualTo(1);
    assertThat(info.source()).isEqualTo(Logs.SOURCE);
    assertThat(info.range()).isEqualTo(new TxRange(8, 15));
    assertThat(info.previousT()).hasValue(5);
    assertThat(info.firstT()).isEqualTo(10);
    assertThat(info.lastT()).isEqualTo(14);
    assertThat(info.transactionCount()).isEqualTo(2);
    assertThat(info.datomCount()).isEqualTo(4);
    assertThat(info.firstInstant()).hasValue(Instant.ofEpochSecond(10));
    assertThat(info.lastInstant()).hasValue(Instant.ofEpochSecond(14));
  }

  @Test
  void hasNoPreviousTAtTheBeginningOfTheLog() {
    WrittenSegment written = Logs.write(new Transaction(0, Transaction.entityId(0), List.of()));

    assertThat(Segment.read(written.bytes(), "orders").info().previousT()).isEmpty();
    assertThat(Segment.read(written.bytes(), "orders").info().firstInstant()).isEmpty();
  }

  @Test
  void keepsAnIdentityWithoutATransaction() {
    SegmentWriter writer =
        new SegmentWriter(
            new SourceIdentity("\uD800 db", null),
            new Schema(),
            0,
            OptionalLong.empty(),
            CONTENT_SIZE_MAX);
    writer.add(Logs.naming(3, "x"));

    assertThat(Segment.readInfo(writer.finish().bytes(), "orders").source())
        .isEqualTo(new SourceIdentity("\uD800 db", null));
  }

  @Test
  void keepsTheSchemaAtItsStart() {
    Attribute renamed =
        new Attribute(
            200,
            Logs.keyword("new/name"),
            Set.of(Logs.keyword("new/name"), Logs.keyword("old/name")),
            Logs.keyword("db.type/tuple"),
            true,
            Logs.keyword("db.unique/value"),
            List.of(Logs.keyword("person/name"), Logs.keyword("person/friend")),
            List.of(),
            null);
    Attribute[] attributes =
        Stream.concat(Logs.schema().attributes().stream(), Stream.of(renamed))
            .toArray(Attribute[]::new);
    Map<Long, List<Keyword>> namesBefore =
        Map.of(99L, List.of(Logs.keyword("old/part"), Logs.keyword("new/part")));
    Schema schema =
        new Schema(List.of(attributes), Logs.schema().builtIns(), Map.of(), namesBefore);
    Schema read =
        Segment.read(Logs.write(schema, Logs.naming(6, "x")).bytes(), "orders").schemaAtStart();

    assertThat(List.copyOf(read.attributes())).containsExactly(attributes);
    assertThat(read.builtIns()).isEqualTo(schema.builtIns());
    assertThat(read.attributeNamed(Logs.keyword("old/name"))).isEqualTo(renamed);
    assertThat(read.namesBefore()).isEqualTo(namesBefore);
  }

  @Test
  void handsOutItsSchemaAsACopy() {
    Segment segment = Segment.read(Logs.write(Logs.naming(6, "x")).bytes(), "orders");
    segment
        .schemaAtStart()
        .apply(Logs.transaction(6, Logs.datom(6, 64, Logs.IDENT, Logs.keyword("db/new"))));

    assertThat(segment.schemaAtStart().builtIns()).doesNotContainKey(64L);
  }

  @Test
  void readsItsHeaderFromItsFirstBytes() {
    WrittenSegment written = Logs.write(Logs.naming(6, "x"));
    int needed = Segment.headerSizeNeeded(written.bytes()).getAsInt();

    assertThat(needed).isLessThan(Segment.HEADER_SIZE_HINT).isLessThan(written.bytes().length);
    assertThat(Segment.readInfo(Arrays.copyOf(written.bytes(), needed), "orders"))
        .isEqualTo(written.info());
    assertThat(Segment.headerSizeNeeded(Arrays.copyOf(written.bytes(), 16))).hasValue(needed);
    assertThat(Segment.headerSizeNeeded(Arrays.copyOf(written.bytes(), 15))).isEmpty();
  }

  @Test
  void refusesAHeaderCutShort() {
    byte[] bytes = Logs.write(Logs.naming(6, "x")).bytes();
    int needed = Segment.headerSizeNeeded(bytes).getAsInt();

    for (int size = 0; size < needed; size++) {
      byte[] prefix = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> Segment.readInfo(prefix, "orders t 6"))
          .isInstanceOf(CorruptSegmentException.class)
          .hasMessageContaining("orders t 6");
    }
  }

  @Test
  void refusesAHeaderWithAnyBitFlipped() {
    byte[] bytes = Logs.write(Logs.naming(6, "x")).bytes();
    int needed = Segment.headerSizeNeeded(bytes).getAsInt();

    for (int bit = 0; bit < needed * 8; bit++) {
      byte[] flipped = Arrays.copyOf(bytes, needed);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Segment.readInfo(flipped, "orders"))
          .isInstanceOf(CorruptSegmentException.class);
    }
  }

  @Test
  void refusesToBeCutShortAtAnyLength() {
    byte[] bytes = Logs.write(Logs.naming(6, "x"), Logs.naming(7, "y")).bytes();

    for (int size = 0; size < bytes.length; size++) {
      byte[] cut = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> Segment.read(cut, "orders"))
          .isInstanceOf(CorruptSegmentException.class);
    }
  }

  @Test
  void refusesAnyFlippedBit() {
    byte[] bytes = Logs.write(Logs.naming(6, "x"), Logs.naming(7, "y")).bytes();

    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Segment.read(flipped, "orders"))
          .isInstanceOf(CorruptSegmentException.class);
    }
  }

  @Test
  void refusesBytesAfterItsEnd() {
    byte[] bytes = Logs.write(Logs.naming(6, "x")).bytes();
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);

    assertThatThrownBy(() -> Segment.read(longer, "orders"))
        .isInstanceOf(CorruptSegmentException.class);
  }

  @Test
  void decodesTheFirstTransactionWithoutTheOthers() {
    Forgery forgery = new Forgery(Logs.naming(6, "x"), Logs.naming(7, "y"));
    forgery.content = forgery.content.clone();
    Arrays.fill(
        forgery.content, forgery.content.length / 2 + 10, forgery.content.length, (byte) 0xc1);
    Iterator<Transaction> transactions =
        Segment.read(forgery.bytes(), "orders").transactions().iterator();

    assertThat(transactions.next()).isEqualTo(Logs.naming(6, "x"));
    assertThatThrownBy(transactions::next).isInstanceOf(CorruptSegmentException.class);
  }

  @Test
  void readsItsTransactionsAgainAndAgain() {
    Segment segment = Segment.read(Logs.write(Logs.naming(6, "x")).bytes(), "orders");

    assertThat(segment.transactions()).containsExactly(Logs.naming(6, "x"));
    assertThat(segment.transactions()).containsExactly(Logs.naming(6, "x"));
  }

  @Test
  void canBeClosedHalfway() {
    Segment segment =
        Segment.read(Logs.write(Logs.naming(6, "x"), Logs.naming(7, "y")).bytes(), "orders");

    try (Stream<Transaction> transactions = segment.transactions()) {
      assertThat(transactions.findFirst()).hasValue(Logs.naming(6, "x"));
    }
  }

  @Test
  void namesTheVersionThatItNeeds() {
    Forgery forgery = new Forgery(Logs.naming(6, "x"));
    forgery.version = 4711;
    byte[] bytes = forgery.bytes();

    assertThatThrownBy(() -> Segment.read(bytes, "orders"))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("orders")
        .hasMessageContaining("4711");
    assertThatThrownBy(() -> Segment.readInfo(bytes, "orders"))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("4711");
  }

  @Test
  void anUnchangedForgeryIsASegment() {
    Forgery forgery = new Forgery(Logs.naming(6, "x"));

    assertThat(Logs.read(forgery.bytes())).containsExactly(Logs.naming(6, "x"));
    assertThat(forgery.header).containsEntry("end-t", 7L);
  }
}
