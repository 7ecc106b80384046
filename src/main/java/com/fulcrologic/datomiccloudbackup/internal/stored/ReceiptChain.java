package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The receipts of one backup, in a store of their own: numbered objects, each created once. An
 * object's key begins with 2<sup>63</sup> - 1 - number in 19 digits, so that a listing starts with
 * the newest receipt. Immutable, thread-safe.
 */
public final class ReceiptChain {
  private static final int ATTEMPT_COUNT_MAX = 100;

  private final BackupStore store;
  private final boolean isSealed;
  private final String name;
  private final BackupKeys keys;

  /** The receipts of the backup with that name; sends no request to the store. */
  public ReceiptChain(BackupStore receipts, String name) {
    this.store = SealedBackupStore.withoutKeys(receipts);
    this.isSealed = receipts instanceof SealedBackupStore;
    this.name = name;
    this.keys = BackupKeys.of(name);
  }

  /** For messages: {@code receipts of backup orders in file:/receipts}. */
  public String location() {
    return "receipts of backup " + name.replaceAll("\\p{Cntrl}", "?") + " in " + store.location();
  }

  /** The numbers of all receipts, the newest first, as the store lists them; to be closed. */
  public Stream<Long> numbers() {
    return store
        .list(keys.receiptsPrefix(), "")
        .flatMap(each -> keys.receiptNumber(each.key()).stream().boxed());
  }

  /** The newest receipt; empty when there is none. Two requests. */
  public Optional<StoredReceipt> last() {
    Optional<Long> number;
    try (Stream<Long> numbers = numbers()) {
      number = numbers.findFirst();
    }
    return number.map(this::read);
  }

  public StoredReceipt read(long number) {
    byte[] bytes = store.read(keys.receiptKey(number), NamedLines.SIZE_MAX).orElse(new byte[0]);
    String what = "Failed to read number " + number + " of the " + location() + ": ";
    Optional<String> version = StoredReceipt.LINES.otherVersion(bytes);
    if (version.isPresent()) {
      throw new UnsupportedFormatException(
          what + "its version is " + version.get() + ".",
          "Use a version of this library that reads receipts of version " + version.get() + ".");
    }
    return StoredReceipt.LINES
        .decode(bytes)
        .filter(stored -> stored.backup().equals(name) && stored.receipt().number() == number)
        .orElseThrow(
            () ->
                new CorruptSegmentException(
                    what + "it is not the receipt that was written there.",
                    "Recover the receipts from a copy, and find out who can write there."));
  }

  /**
   * Appends a receipt for the farthest transaction of a backup; empty when the last receipt is for
   * that one. Several writers may do so at once. Durable when it returns.
   */
  public Optional<Receipt> append(StoredBackup backup) {
    for (int attempt = 0; attempt < ATTEMPT_COUNT_MAX; attempt++) {
      Optional<StoredReceipt> last = last();
      last.map(StoredReceipt::receipt).ifPresent(receipt -> requireHeld(backup, receipt));
      SegmentInfo info = backup.info(backup.newest().orElseThrow().range());
      if (last.isPresent() && info.lastT() <= last.get().receipt().t()) {
        return Optional.empty();
      }
      Receipt next =
          new Receipt(
              last.map(link -> link.receipt().number() + 1).orElse(0L),
              info.source().databaseId(),
              info.lastT(),
              info.lastTransactionHash(),
              Instant.now().truncatedTo(ChronoUnit.MILLIS));
      StoredReceipt stored = new StoredReceipt(name, next, isSealed, last.map(StoredReceipt::hash));
      if (store.create(keys.receiptKey(next.number()), stored.encoded())) {
        return Optional.of(next);
      }
      // Another writer was first, or the reply to an earlier attempt was lost.
    }
    throw new StoreException(
        "Failed to append to the " + location() + ": other writers were always first.",
        "Let fewer processes write receipts of one backup.");
  }

  private void requireHeld(StoredBackup backup, Receipt receipt) {
    Optional<String> missing = missing(backup, receipt);
    if (missing.isPresent()) {
      throw new ForkedHistoryException(
          "Failed to append to the " + location() + ": " + missing.get(),
          "Recover the segments from a copy of the store; if this is a copy under rules of what the"
              + " receipts are for, begin new receipts in another place.");
    }
  }

  /** How a backup contradicts a receipt, as a part of a message; empty when it does not. */
  public Optional<String> missing(StoredBackup backup, Receipt receipt) {
    Optional<String> hash = backup.transactionHash(receipt.t());
    if (hash.equals(Optional.of(receipt.transactionHash()))) {
      return Optional.empty();
    }
    return Optional.of(
        backup.location()
            + (hash.isPresent() ? " holds another transaction at t " : " no longer holds t ")
            + receipt.t()
            + (hash.isPresent() ? " than at " : ", which it held at ")
            + receipt.written()
            + " by receipt "
            + receipt.number());
  }
}
