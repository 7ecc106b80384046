package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.stored.ReceiptChain;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredReceipt;
import com.fulcrologic.datomiccloudbackup.internal.tools.OrderedWork;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks that a chain of receipts is whole, from the newest receipt to the first one, and that the
 * backup still holds the transaction of the newest sound one. Holds a few receipts in memory. For
 * one run, in one thread.
 */
final class ReceiptCheck {
  private final StoredBackup backup;
  private final ReceiptChain chain;
  private final CheckFindings findings;
  private long count;
  private long expected = -1;
  private Optional<StoredReceipt> newer = Optional.empty();
  private Optional<Receipt> last = Optional.empty();

  ReceiptCheck(StoredBackup backup, ReceiptChain chain, CheckFindings findings) {
    this.backup = backup;
    this.chain = chain;
    this.findings = findings;
  }

  long count() {
    return count;
  }

  Optional<Receipt> last() {
    return last;
  }

  void check(int parallelism) {
    try (Stream<Long> numbers = chain.numbers();
        OrderedWork<Long, Found> work =
            new OrderedWork<>(parallelism, StoreCheck.THREADS, numbers.iterator(), this::read)) {
      while (work.hasNext()) {
        add(work.next());
      }
    } catch (InterruptedException stop) {
      throw StoreCheck.interrupted(stop);
    }
    if (count == 0) {
      throw new NoSuchBackupException(
          "Failed to find the " + chain.location() + ": there is none",
          "check the name, and where the receipts are kept");
    }
    if (expected >= 0) {
      addMissing(0);
    }
    last.ifPresent(this::compare);
  }

  private void compare(Receipt receipt) {
    try {
      chain
          .missing(backup, receipt)
          .ifPresent(missing -> findings.add(Kind.ROLLED_BACK, receipt.t(), missing));
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      findings.add(fault);
    }
  }

  /** A receipt that was found; either its link, or its fault. */
  private record Found(
      long number, Optional<StoredReceipt> link, Optional<BackupException> fault) {}

  private Found read(long number) {
    try {
      return new Found(number, Optional.of(chain.read(number)), Optional.empty());
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      return new Found(number, Optional.empty(), Optional.of(fault));
    }
  }

  private void add(Found found) {
    if (count > 0 && found.number() != expected) {
      addMissing(found.number() + 1);
      newer = Optional.empty();
    }
    count++;
    expected = found.number() - 1;
    found.fault().ifPresent(findings::add);
    Optional<StoredReceipt> link = found.link();
    if (newer.isPresent() && link.isPresent()) {
      requireLink(newer.get(), Optional.of(link.get().hash()));
    }
    if (found.number() == 0) {
      link.ifPresent(first -> requireLink(first, Optional.empty()));
    }
    newer = link;
    last = last.or(() -> link.map(StoredReceipt::receipt));
  }

  private void requireLink(StoredReceipt link, Optional<String> previousHash) {
    if (!link.previousHash().equals(previousHash)) {
      addCorrupt("number " + link.receipt().number() + " does not follow the one before it");
    }
  }

  private void addMissing(long first) {
    addCorrupt(
        first == expected
            ? "number " + first + " is missing"
            : "numbers " + first + " to " + expected + " are missing");
  }

  private void addCorrupt(String what) {
    String message = chain.location() + ": " + what;
    findings.add(new CheckFinding(Kind.CORRUPT, Optional.empty(), message));
  }
}
