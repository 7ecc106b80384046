package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Small logs, and segments of them, for the tests of this room. */
final class Logs {
  static final SourceIdentity SOURCE = new SourceIdentity("orders-db", "ab".repeat(32));
  static final long IDENT = 10;
  static final long TX_INSTANT = 50;
  static final long DOC = 62;
  static final long TYPE_STRING = 23;
  static final long NAME = 72;
  static final long FRIEND = 73;
  static final long PAIR = 74;
  static final long PATH = 75;
  static final long ALICE = 17L << 42 | 100;

  private Logs() {}

  static Keyword keyword(String text) {
    return Keyword.intern(text);
  }

  /** A few built-ins, a string, a reference, and tuples with references of both kinds. */
  static Schema schema() {
    return new Schema(
        List.of(
            attribute(IDENT, "db/ident", "keyword", List.of(), null),
            attribute(TX_INSTANT, "db/txInstant", "instant", List.of(), null),
            attribute(DOC, "db/doc", "string", List.of(), null),
            attribute(NAME, "person/name", "string", List.of(), null),
            attribute(FRIEND, "person/friend", "ref", List.of(), null),
            attribute(PAIR, "person/pair", "tuple", List.of("long", "ref"), null),
            attribute(PATH, "person/path", "tuple", List.of(), "ref")),
        Map.of(
            IDENT,
            keyword("db/ident"),
            TX_INSTANT,
            keyword("db/txInstant"),
            DOC,
            keyword("db/doc"),
            20L,
            keyword("db.type/ref"),
            TYPE_STRING,
            keyword("db.type/string")),
        Map.of(),
        Map.of());
  }

  static Attribute attribute(
      long id, String ident, String type, List<String> types, @Nullable String elementType) {
    return new Attribute(
        id,
        keyword(ident),
        Set.of(keyword(ident)),
        keyword("db.type/" + type),
        id == PATH,
        id == NAME ? keyword("db.unique/identity") : null,
        List.of(),
        types.stream().map(each -> keyword("db.type/" + each)).toList(),
        elementType == null ? null : keyword("db.type/" + elementType));
  }

  static Datom datom(long t, long e, long a, Object v) {
    return new Datom(e, a, v, Transaction.entityId(t), true);
  }

  /** A transaction that is dated {@code t} seconds after the epoch, and these datoms. */
  @SuppressWarnings("JavaUtilDate") // the class that Datomic uses
  static Transaction transaction(long t, Datom... datoms) {
    List<Datom> all = new ArrayList<>();
    all.add(datom(t, Transaction.entityId(t), TX_INSTANT, new Date(t * 1000)));
    all.addAll(List.of(datoms));
    return new Transaction(t, Transaction.entityId(t), all);
  }

  static Transaction naming(long t, String name) {
    return transaction(t, datom(t, ALICE + t, NAME, name));
  }

  static PersistentVector tuple(@Nullable Object... elements) {
    return PersistentVector.create(elements);
  }

  static WrittenSegment write(Transaction... transactions) {
    return write(schema(), transactions);
  }

  static WrittenSegment write(Schema schemaAtStart, Transaction... transactions) {
    long startT = transactions[0].t();
    SegmentWriter writer =
        new SegmentWriter(
            SOURCE,
            schemaAtStart,
            startT,
            startT == 0 ? OptionalLong.empty() : OptionalLong.of(startT - 1),
            SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
    for (Transaction transaction : transactions) {
      writer.add(transaction);
    }
    return writer.finish();
  }

  static List<Transaction> read(byte[] bytes) {
    try (Stream<Transaction> transactions = Segment.read(bytes, "orders").transactions()) {
      return transactions.toList();
    }
  }
}
