package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the transactions of one block from the stored segments, and writes them into as few
 * segments as the byte bound allows. Publishes only transactions of segments that were read and
 * verified to the end. Mutable; one thread, one block.
 */
final class BlockRewriting {
  private static final Logger LOG = LoggerFactory.getLogger(BlockRewriting.class);

  private final StoredBackup backup;
  private final Ownership ownership;
  private final SourceIdentity source;
  private final TxRange block;
  private final long contentSizeMax;
  private final List<WrittenSegment> unverified = new ArrayList<>();
  private final List<BackedUpSegment> published = new ArrayList<>();
  private @Nullable Schema schema;
  private @Nullable SegmentWriter writer;
  private @Nullable SegmentInfo before;
  private OptionalLong previousT = OptionalLong.empty();
  private boolean prefixStored;

  BlockRewriting(
      StoredBackup backup,
      Ownership ownership,
      SourceIdentity source,
      TxRange block,
      long contentSizeMax) {
    this.backup = backup;
    this.ownership = ownership;
    this.source = source;
    this.block = block;
    this.contentSizeMax = contentSizeMax;
  }

  /** Takes a chain that covers the block without a gap; returns the segments that are new. */
  List<BackedUpSegment> rewrite(List<StoredSegment> chain) {
    for (StoredSegment each : chain) {
      Segment segment = backup.segment(each.range());
      requireFollows(segment.info(), each.range());
      // The chain has no gap: a prefix stored before one segment is stored before all of them.
      prefixStored |= segment.info().prefixStored() || each.range().startT() == 0;
      read(segment);
      publish();
      before = segment.info();
    }
    if (writer != null) {
      unverified.add(finish(writer));
    }
    publish();
    return published;
  }

  private void publish() {
    for (WrittenSegment segment : unverified) {
      if (backup.save(segment)) {
        SegmentInfo info = segment.info();
        LOG.info("compacted backup={} range={}", backup.name(), info.range());
        published.add(info.described(segment.bytes().length));
      }
    }
    unverified.clear();
  }

  private void requireFollows(SegmentInfo info, TxRange key) {
    ownership.requireOwn(info, key, "compact " + backup.location());
    if (!source.isCompatibleWith(info.source())) {
      throw new ForeignSourceException(
          "Failed to compact %s: it belongs to source %s, and %s belongs to %s"
              .formatted(backup.location(), source, key, info.source()),
          "segments of another database were put there: move them away, then repair");
    }
    SegmentInfo earlier = before;
    if (earlier != null
        && earlier.lastT() < info.firstT()
        && !info.previousT().equals(OptionalLong.of(earlier.lastT()))) {
      throw contradiction(info);
    }
  }

  /** Reads to the end, also beyond the block: the content's hash is compared only at the end. */
  private void read(Segment segment) {
    SegmentInfo info = segment.info();
    SegmentInfo earlier = before;
    boolean overlapAgrees = earlier == null || earlier.lastT() < info.firstT();
    if (schema == null) {
      schema = segment.schemaAtStart();
      previousT = info.previousT();
    }
    try (Stream<Transaction> stream = segment.transactions()) {
      Iterator<Transaction> transactions = stream.iterator();
      while (transactions.hasNext()) {
        Transaction transaction = transactions.next();
        if (earlier != null && transaction.t() == earlier.lastT()) {
          overlapAgrees = TransactionHash.sha256(transaction).equals(earlier.lastTransactionHash());
        }
        boolean isNew = previousT.isEmpty() || transaction.t() > previousT.getAsLong();
        if (isNew && transaction.t() < block.endT()) {
          take(transaction);
        }
      }
    }
    if (!overlapAgrees) {
      throw contradiction(info);
    }
  }

  private void take(Transaction transaction) {
    Schema known = Objects.requireNonNull(schema);
    if (transaction.t() >= block.startT()) {
      SegmentWriter open = writer == null ? begin(known) : writer;
      if (!open.add(transaction)) {
        unverified.add(finish(open));
        open = begin(known);
        open.add(transaction);
      }
      writer = open;
    }
    known.apply(transaction);
    previousT = OptionalLong.of(transaction.t());
  }

  private WrittenSegment finish(SegmentWriter open) {
    return (prefixStored ? open.statingPrefixStored() : open)
        .redactedBy(ownership.redaction().ruleIds())
        .finish();
  }

  /** Starts at the t after the last transaction, so that segments adjoin despite unused t. */
  private SegmentWriter begin(Schema known) {
    long startT = previousT.isPresent() ? previousT.getAsLong() + 1 : 0;
    return new SegmentWriter(source, known, startT, previousT, contentSizeMax);
  }

  private ForkedHistoryException contradiction(SegmentInfo info) {
    return new ForkedHistoryException(
        "Failed to compact %s: %s and %s contradict each other"
            .formatted(
                backup.location(), before == null ? "nothing" : before.range(), info.range()),
        "find out which is right with a check at level decode");
  }
}
