package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A receipt as it is stored, chained to the one before it.
 *
 * @param isSealed whether its store seals objects; if not, it proves nothing to a person who
 *     distrusts those that can write there
 * @param previousHash SHA-256, in hex, of the receipt before it; empty for the first one
 */
public record StoredReceipt(
    String backup, Receipt receipt, boolean isSealed, Optional<String> previousHash) {
  static final NamedLines<StoredReceipt> LINES =
      new NamedLines<>(
          "datomic-cloud-backup receipt ",
          1,
          List.of(
              "backup ",
              "number ",
              "database-id ",
              "t ",
              "transaction-hash ",
              "written ",
              "sealed ",
              "previous-sha-256 "),
          StoredReceipt::values,
          StoredReceipt::of);

  byte[] encoded() {
    return LINES.encode(this);
  }

  /** SHA-256, in hex, of its bytes. */
  public String hash() {
    return Sha256.hex(encoded());
  }

  private List<String> values() {
    return List.of(
        NamedLines.escaped(backup),
        Long.toString(receipt.number()),
        NamedLines.escaped(receipt.databaseId()),
        Long.toString(receipt.t()),
        receipt.transactionHash(),
        receipt.written().toString(),
        Boolean.toString(isSealed),
        NamedLines.orNone(previousHash.orElse(null)));
  }

  private static StoredReceipt of(List<String> values) {
    return new StoredReceipt(
        NamedLines.unescaped(values.get(0)),
        new Receipt(
            Long.parseLong(values.get(1)),
            NamedLines.unescaped(values.get(2)),
            Long.parseLong(values.get(3)),
            values.get(4),
            Instant.parse(values.get(5))),
        Boolean.parseBoolean(values.get(6)),
        Optional.ofNullable(NamedLines.unlessNone(values.get(7))));
  }
}
