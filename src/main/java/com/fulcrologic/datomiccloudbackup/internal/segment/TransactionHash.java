package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hash of one transaction: equal for equal transactions, in whatever segment they are.
 *
 * <p>The changes of durable Datomic Local, when it reads a log back from disk, make no difference:
 * a BigInt counts as the equal BigInteger, and -0.0 as 0.0.
 */
public final class TransactionHash {
  private TransactionHash() {}

  /** SHA-256, in hex, of the bytes that the transaction, so normalized, takes in a segment. */
  public static String sha256(Transaction transaction) {
    TransactionEncoder encoder = new TransactionEncoder();
    encoder.encode(
        new Transaction(
            transaction.t(),
            transaction.tx(),
            transaction.datoms().stream().map(TransactionHash::normalized).toList()));
    MessageDigest digest = Sha256.digest();
    digest.update(encoder.bytes(), 0, encoder.size());
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The same of a database's transaction at t; empty when it has none there. */
  public static Optional<String> sha256(DatomicConnection database, long t) {
    try (Stream<Transaction> log = database.txRange(new TxRange(t, t + 1))) {
      return log.findFirst().map(TransactionHash::sha256);
    }
  }

  private static Datom normalized(Datom datom) {
    Object value = Objects.requireNonNull(normalized(datom.v()));
    return value == datom.v()
        ? datom
        : new Datom(datom.e(), datom.a(), value, datom.tx(), datom.added());
  }

  private static @Nullable Object normalized(@Nullable Object value) {
    if (value instanceof List<?> elements) {
      List<@Nullable Object> normalized = new ArrayList<>();
      elements.forEach(element -> normalized.add(normalized(element)));
      return PersistentVector.create(normalized);
    }
    return value == null ? null : Values.reread(value);
  }
}
