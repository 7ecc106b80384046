package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.ReadAhead;
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Makes one segment from a range of the source's log, in one pass over it. Thread-safe. */
final class SegmentMaker {
  private final SourceLog source;
  private final SourceIdentity identity;
  private final Redaction redaction;
  private final long contentSizeMax;

  /**
   * @param redaction what no segment of the backup may hold
   */
  SegmentMaker(
      SourceLog source, SourceIdentity identity, Redaction redaction, long contentSizeMax) {
    this.source = source;
    this.identity = identity;
    this.redaction = redaction;
    this.contentSizeMax = contentSizeMax;
  }

  /**
   * Makes a segment that begins at {@code range.startT()}.
   *
   * @param range ends at the basis + 1 at most
   * @param transactionCountMax how many transactions to take at most
   * @param prefixStored whether everything before the range is stored when the segment is published
   * @return empty when the range holds no transaction
   * @throws AnomalyException of category unavailable when the log came back short
   */
  Optional<WrittenSegment> make(TxRange range, int transactionCountMax, boolean prefixStored) {
    OptionalLong previousT =
        source
            .transactionBefore(range.startT())
            .map(Transaction::t)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    Schema schema =
        previousT.isPresent() ? source.schemaAfter(previousT.getAsLong()) : new Schema();
    SegmentWriter writer =
        new SegmentWriter(identity, schema, range.startT(), previousT, contentSizeMax)
            .redactedBy(redaction.ruleIds());
    Redacting redacting = new Redacting(redaction, schema);
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
