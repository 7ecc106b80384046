package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.stored.ReceiptChain;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.tools.OrderedWork;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks that a chain of receipts is whole, and that the backup still holds the transaction of the
 * newest sound one. Holds a few receipts in memory. For one run, in one thread.
 */
final class ReceiptCheck {
  private final StoredBackup backup;
  private final int parallelism;
  private final CheckFindings findings;
  private long count;
  private Optional<Receipt> last = Optional.empty();

  ReceiptCheck(StoredBackup backup, int parallelism, CheckFindings findings) {
    this.backup = backup;
    this.parallelism = parallelism;
    this.findings = findings;
  }

  long count() {
    return count;
  }

  Optional<Receipt> last() {
    return last;
  }

  void check(ReceiptChain chain) {
    Walk walk = new Walk(chain);
    try (Stream<Long> numbers = chain.numbers();
        OrderedWork<Long, Found> work =
            new OrderedWork<>(
                parallelism,
                StoreCheck.THREADS,
                numbers.iterator(),
                number -> read(chain, number))) {
      while (work.hasNext()) {
        walk.add(work.next());
      }
    } catch (InterruptedException stop) {
      throw StoreCheck.interrupted(stop);
    }
    walk.end();
    last.ifPresent(receipt -> compare(chain, receipt));
  }

  private void compare(ReceiptChain chain, Receipt receipt) {
    try {
      chain
          .missing(backup, receipt)
          .ifPresent(
              missing ->
                  findings.add(
                      CheckFinding.Kind.ROLLED_BACK,
                      new TxRange(receipt.t(), receipt.t() + 1),
                      missing));
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      findings.add(fault);
    }
  }

  /** A receipt that was found; either its link, or its fault. */
  private record Found(
      long number, Optional<ReceiptChain.Link> link, Optional<CheckFinding> fault) {}

  private static Found read(ReceiptChain chain, long number) {
    try {
      return new Found(number, Optional.of(chain.read(number)), Optional.empty());
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      return new Found(
          number, Optional.empty(), Optional.of(CheckFindings.of(fault, Optional.empty())));
    }
  }

  /** Goes from the newest receipt to the first one. */
  private final class Walk {
    private final ReceiptChain chain;
    private long expected = -1;
    private Optional<ReceiptChain.Link> newer = Optional.empty();

    Walk(ReceiptChain chain) {
      this.chain = chain;
    }

    void add(Found found) {
      if (count > 0 && found.number() != expected) {
        addMissing(found.number() + 1);
        newer = Optional.empty();
      }
      count++;
      expected = found.number() - 1;
      found.fault().ifPresent(findings::add);
      Optional<ReceiptChain.Link> link = found.link();
      if (newer.isPresent() && link.isPresent()) {
        requireLink(newer.get(), Optional.of(link.get().hash()));
      }
      if (found.number() == 0) {
        link.ifPresent(first -> requireLink(first, Optional.empty()));
      }
      newer = link;
      last = last.or(() -> link.map(ReceiptChain.Link::receipt));
    }

    private void requireLink(ReceiptChain.Link link, Optional<String> previousHash) {
      if (!link.previousHash().equals(previousHash)) {
        addCorrupt("number " + link.receipt().number() + " does not follow the one before it");
      }
    }

    void end() {
      if (count == 0) {
        throw new NoSuchBackupException(
            "Failed to find the " + chain.location() + ": there is none",
            "check the name, and where the receipts are kept");
      }
      if (expected >= 0) {
        addMissing(0);
      }
    }

    private void addMissing(long first) {
      addCorrupt(
          first == expected
              ? "number " + first + " is missing"
              : "numbers " + first + " to " + expected + " are missing");
    }

    private void addCorrupt(String what) {
      findings.add(
          new CheckFinding(
              CheckFinding.Kind.CORRUPT, Optional.empty(), chain.location() + ": " + what));
    }
  }
}
