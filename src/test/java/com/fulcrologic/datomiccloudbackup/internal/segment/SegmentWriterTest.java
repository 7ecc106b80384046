package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SegmentWriterTest {

  private static SegmentWriter writer(long contentSizeMax) {
    return new SegmentWriter(Logs.SOURCE, Logs.schema(), 6, OptionalLong.of(5), contentSizeMax);
  }

  @Test
  void stopsBeforeTheTransactionThatWouldExceedTheByteBound() {
    SegmentWriter counting = writer(1 << 20);
    counting.add(Logs.naming(6, "x"));
    counting.add(Logs.naming(7, "y"));
    long bothSize = counting.finish().info().contentSize();

    SegmentWriter exact = writer(bothSize);
    assertThat(exact.add(Logs.naming(6, "x"))).isTrue();
    assertThat(exact.add(Logs.naming(7, "y"))).isTrue();

    SegmentWriter tooSmall = writer(bothSize - 1);
    assertThat(tooSmall.add(Logs.naming(6, "x"))).isTrue();
    assertThat(tooSmall.add(Logs.naming(7, "y"))).isFalse();
    assertThat(Logs.read(tooSmall.finish().bytes())).containsExactly(Logs.naming(6, "x"));
  }

  @Test
  void neverSplitsATransaction() {
    SegmentWriter writer = writer(1);

    assertThat(writer.isEmpty()).isTrue();
    assertThat(writer.add(Logs.naming(6, "x"))).isTrue();
    assertThat(writer.isEmpty()).isFalse();
    assertThat(writer.add(Logs.naming(7, "y"))).isFalse();
    assertThat(writer.finish().info().range().endT()).isEqualTo(7);
  }

  @Test
  void aTransactionThatDidNotFitLeavesNoTrace() {
    SegmentWriter writer = writer(100);
    writer.add(Logs.naming(6, "x"));
    writer.add(
        Logs.transaction(
            7,
            Logs.datom(7, Logs.ALICE, Logs.FRIEND, Logs.TYPE_STRING),
            Logs.datom(7, Logs.ALICE, Logs.DOC, "x".repeat(200))));

    assertThat(writer.finish().info()).isEqualTo(Logs.write(Logs.naming(6, "x")).info());
  }

  @Test
  void refusesTransactionsOutOfOrder() {
    SegmentWriter writer = writer(1 << 20);
    assertThatThrownBy(() -> writer.add(Logs.naming(5, "x")))
        .isInstanceOf(IllegalArgumentException.class);
    writer.add(Logs.naming(8, "x"));
    assertThatThrownBy(() -> writer.add(Logs.naming(8, "x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.add(Logs.naming(7, "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesArgumentsOutOfRange() {
    assertThatThrownBy(() -> writer(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer((1L << 30) + 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new SegmentWriter(Logs.SOURCE, new Schema(), -1, OptionalLong.empty(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SegmentWriter(Logs.SOURCE, new Schema(), 6, OptionalLong.of(6), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void endsWhenFinished() {
    SegmentWriter writer = writer(1 << 20);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    writer.add(Logs.naming(6, "x"));
    writer.finish();

    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> writer.add(Logs.naming(7, "x")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesADatomOfAnotherTransaction() {
    Transaction mixed = new Transaction(6, 6, List.of(new Datom(1, Logs.NAME, "x", 7, true)));

    assertThatThrownBy(() -> writer(1 << 20).add(mixed))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("transaction t 6");
  }

  @Test
  void refusesAStringThatNoReaderWouldAccept() {
    Transaction huge =
        Logs.transaction(6, Logs.datom(6, 1, Logs.NAME, "x".repeat(Limits.STRING_SIZE_MAX + 1)));

    assertThatThrownBy(() -> writer(1 << 20).add(huge))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("a string too long");
  }

  @Test
  void refusesAnIdentityThatNoHeaderHolds() {
    SegmentWriter writer =
        new SegmentWriter(
            new SourceIdentity("x".repeat(2 << 20), null), new Schema(), 6, OptionalLong.of(5), 1);
    writer.add(Logs.naming(6, "x"));

    assertThatThrownBy(writer::finish).isInstanceOf(UnsupportedFormatException.class);
  }

  @Test
  void keepsALegalTransactionOfTwentyMegabytes() {
    List<Datom> datoms = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      datoms.add(Logs.datom(6, Logs.ALICE + i, Logs.NAME, "x".repeat(200) + i));
    }
    Transaction large = new Transaction(6, Transaction.entityId(6), datoms);
    SegmentWriter writer = writer(SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
    writer.add(large);
    WrittenSegment written = writer.finish();

    assertThat(written.info().contentSize()).isGreaterThan(20 << 20);
    assertThat(Logs.read(written.bytes())).containsExactly(large);
  }

  @Test
  void theContentHashIsThatOfTheBytesBeforeCompression() {
    Transaction[] log = {Logs.naming(6, "x"), Logs.naming(7, "y")};
    Forgery forgery = new Forgery(log);

    assertThat(Logs.write(log).info().contentHash())
        .isEqualTo(java.util.HexFormat.of().formatHex(Forgery.sha256(forgery.content)));
    assertThat(Logs.write(log).info().contentSize()).isEqualTo(forgery.content.length);
    forgery.contentStored = storedUncompressed(forgery.content);
    assertThat(Logs.read(forgery.bytes())).containsExactly(log);
  }

  private static byte[] storedUncompressed(byte[] content) {
    ByteSink sink = new ByteSink(1 << 20);
    try (Gzip gzip = new Gzip(sink, 0)) {
      gzip.write(content);
    } catch (java.io.IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
    return java.util.Arrays.copyOf(sink.bytes(), sink.size());
  }

  @Test
  void aTransactionsBytesDoNotDependOnItsNeighbours() {
    Forgery together = new Forgery(Logs.naming(6, "x"), Logs.naming(7, "y"));
    byte[] first = new Forgery(Logs.naming(6, "x")).content;
    byte[] second = new Forgery(Logs.naming(7, "y")).content;

    assertThat(together.content).startsWith(first).endsWith(second);
    assertThat(together.content).hasSize(first.length + second.length);
  }

  @Test
  void aTransactionsHashIsThatOfItsBytesForEver() {
    Transaction transaction = Logs.naming(6, "x");

    assertThat(TransactionHash.sha256(transaction))
        .isEqualTo(
            java.util.HexFormat.of().formatHex(Forgery.sha256(new Forgery(transaction).content)))
        .isEqualTo("64fa5441da74c493a57bc87b9c886c524d131de77e8dc01628fd8a2c872227d1");
    assertThat(TransactionHash.sha256(Logs.naming(6, "y")))
        .isNotEqualTo(TransactionHash.sha256(transaction));
  }
}
