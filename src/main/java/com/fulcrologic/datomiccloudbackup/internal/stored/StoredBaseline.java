package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.time.Instant;
import java.util.List;

/**
 * The manifest of a stored baseline: the state of a database as of one t. It is published after all
 * parts.
 *
 * @param source the database
 * @param t its last transaction
 * @param instant that transaction's date; the epoch for one of a bootstrap
 * @param transactionHash that transaction's hash
 * @param datomCount how many datoms the state has
 * @param partCount how many parts hold them; at least 1
 * @param partsHash SHA-256, in hex, of the SHA-256 in the last 32 bytes of each part, in ascending
 *     order of number
 */
public record StoredBaseline(
    SourceIdentity source,
    long t,
    Instant instant,
    String transactionHash,
    long datomCount,
    int partCount,
    String partsHash) {
  static final NamedLines<StoredBaseline> LINES =
      new NamedLines<>(
          "datomic-cloud-backup baseline ",
          1,
          List.of(
              "database-id ",
              "first-transaction-hash ",
              "t ",
              "instant ",
              "transaction-hash ",
              "datom-count ",
              "part-count ",
              "parts-sha-256 "),
          StoredBaseline::values,
          StoredBaseline::of);

  private static final String SHA_256 = "[0-9a-f]{64}";

  public StoredBaseline {
    if (t < 0 || datomCount < 0 || partCount < 1) {
      throw new IllegalArgumentException("a number is out of range");
    }
    if (!transactionHash.matches(SHA_256) || !partsHash.matches(SHA_256)) {
      throw new IllegalArgumentException("a hash must be a SHA-256 in hex");
    }
  }

  private List<String> values() {
    return List.of(
        NamedLines.escaped(source.databaseId()),
        NamedLines.orNone(source.firstTransactionHash()),
        Long.toString(t),
        instant.toString(),
        transactionHash,
        Long.toString(datomCount),
        Integer.toString(partCount),
        partsHash);
  }

  private static StoredBaseline of(List<String> values) {
    return new StoredBaseline(
        new SourceIdentity(
            NamedLines.unescaped(values.get(0)), NamedLines.unlessNone(values.get(1))),
        Long.parseLong(values.get(2)),
        Instant.parse(values.get(3)),
        values.get(4),
        Long.parseLong(values.get(5)),
        Integer.parseInt(values.get(6)),
        values.get(7));
  }
}
