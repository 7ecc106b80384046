package com.fulcrologic.datomiccloudbackup.segment;

import com.fulcrologic.datomiccloudbackup.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The hash of one transaction: equal for equal transactions, in whatever segment they are. */
public final class TransactionHash {

  private TransactionHash() {}

  /**
   * SHA-256, in hex, of the canonical bytes of a transaction, which are also its bytes in a
   * segment.
   *
   * @throws UnsupportedFormatException when the format cannot keep the transaction as it is
   */
  public static String sha256(Transaction transaction) {
    TransactionEncoder encoder = new TransactionEncoder();
    encoder.encode(transaction);
    MessageDigest digest = Sha256.digest();
    digest.update(encoder.bytes(), 0, encoder.size());
    return HexFormat.of().formatHex(digest.digest());
  }
}
