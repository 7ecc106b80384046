package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.ReadAhead;
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SchemaReading;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes segments from ranges of the source's log, each in one pass over it, and stores them. {@code
 * Backup} and the threads of {@code ParallelBackup} use it. Thread-safe.
 */
record SegmentMaker(
    StoredBackup backup,
    SourceLog source,
    SourceGuard.Admission admission,
    CloningListener listener,
    long contentSizeMax) {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentMaker.class);

  /** A segment that is not stored yet. */
  record Made(WrittenSegment written, Duration duration) {
    TxRange range() {
      return written.info().range();
    }

    int size() {
      return written.bytes().length;
    }
  }

  /**
   * Makes a segment of the beginning of a range. A range that holds no transaction, where t is not
   * dense, gets a segment that reaches to the next one: else it would look like a gap for ever.
   * Empty when there is no transaction from the range's start on.
   *
   * @param range ends at the basis + 1 at most
   * @param prefixStored whether everything before the range is stored when the segment is published
   */
  Optional<Made> make(TxRange range, int transactionCountMax, boolean prefixStored) {
    long beginNanos = System.nanoTime();
    Optional<WrittenSegment> written = write(range, transactionCountMax, prefixStored);
    long basisT = written.isPresent() ? 0 : source.basisT();
    if (written.isEmpty() && range.endT() <= basisT) {
      written = write(new TxRange(range.startT(), basisT + 1), 1, prefixStored);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - beginNanos);
    return written.map(segment -> new Made(segment, duration));
  }

  BackedUpSegment publish(Made segment) {
    long beginNanos = System.nanoTime();
    backup.save(segment.written());
    BackedUpSegment stored = segment.written().info().described(segment.size());
    LOG.info(
        "backed up backup={} range={} transactions={} bytes={}",
        backup.name(),
        stored.range(),
        stored.transactionCount(),
        stored.size());
    Duration duration = segment.duration().plusNanos(System.nanoTime() - beginNanos);
    listener.backedUp(backup.name(), stored, duration);
    return stored;
  }

  private Optional<WrittenSegment> write(
      TxRange range, int transactionCountMax, boolean prefixStored) {
    Optional<Transaction> previous = source.transactionBefore(range.startT());
    OptionalLong previousT = previous.stream().mapToLong(Transaction::t).findFirst();
    Schema schema =
        previous
            .map(last -> SchemaReading.schemaAfter(last.t(), source.connection()))
            .orElseGet(Schema::new);
    SegmentWriter writer =
        new SegmentWriter(admission.identity(), schema, range.startT(), previousT, contentSizeMax)
            .redactedBy(admission.redaction().ruleIds());
    Redacting redacting = Redacting.forWriting(admission.redaction(), schema);
    boolean cutShort = false;
    int transactionCount = 0;
    long expectedT = range.startT();
    try (ReadAhead transactions =
        new ReadAhead(source.connection().txRange(range, transactionCountMax))) {
      while (!cutShort && transactions.hasNext()) {
        Transaction transaction = transactions.next();
        requireNothingIn(expectedT, transaction.t());
        cutShort = !writer.add(redacting.next(transaction));
        if (!cutShort) {
          expectedT = transaction.t() + 1;
          cutShort = ++transactionCount == transactionCountMax;
        }
      }
    }
    if (!cutShort) {
      requireNothingAtEnd(expectedT, range.endT());
    }
    if (writer.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of((prefixStored ? writer.statingPrefixStored() : writer).finish());
  }

  /** If t are left out in mid-log, a source that may read short is asked once more. */
  private void requireNothingIn(long startT, long endT) {
    if (startT < endT && source.connection().mayReadShort()) {
      try (Stream<Transaction> log = source.connection().txRange(new TxRange(startT, endT))) {
        if (log.findAny().isPresent()) {
          throw SourceLog.cameBackShort(new TxRange(startT, endT));
        }
      }
    }
  }

  /** The basis is a transaction, and so is every t below it where t is dense. */
  private void requireNothingAtEnd(long startT, long endT) {
    if (startT < endT) {
      long basisT = source.basisT();
      if ((startT <= basisT && basisT < endT) || source.isDense()) {
        throw SourceLog.cameBackShort(new TxRange(startT, endT));
      }
      requireNothingIn(startT, endT);
    }
  }
}
