package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.fold.Fold;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The log in the segments, from t 0; a transaction in overlapping segments counts once. */
final class StoredLog implements ReadableLog {
  private final StoredBackup backup;
  private final Cover cover;
  private final Redaction redaction;
  private final Optional<TxRange> gap; // the first one

  /**
   * Reads the listing.
   *
   * @param isWhole whether any gap is an error; else the log is read up to the first one
   */
  StoredLog(StoredBackup backup, boolean isWhole) {
    this.backup = backup;
    this.cover = backup.cover();
    this.redaction = backup.ownership().redaction();
    this.gap = cover.gaps(0).stream().findFirst();
    if (isWhole) {
      requireWholeThrough(Long.MAX_VALUE);
    }
  }

  private void requireWholeThrough(long t) {
    if (gap.isPresent() && gap.get().startT() <= t) {
      throw new SegmentGapException(
          "Failed to verify " + backup.location() + ": missing " + gap.get(),
          "fill the gap from the source with repair",
          gap.get());
    }
  }

  @Override
  public String description() {
    return backup.location();
  }

  @Override
  public Optional<SourceIdentity> identity() {
    return newest().map(range -> backup.info(range).source());
  }

  /** The {@link #identity}, and all others that the database has had or adopted. */
  List<SourceIdentity> identities() {
    List<SourceIdentity> identities = new ArrayList<>(identity().stream().toList());
    String hash = identity().map(SourceIdentity::firstTransactionHash).orElse(null);
    for (SourceClaim claim : backup.ownership().claims()) {
      boolean isExcised = claim.reason() == SourceClaim.Reason.EXCISED;
      identities.add(new SourceIdentity(claim.source().databaseId(), isExcised ? null : hash));
    }
    return identities;
  }

  @Override
  public Optional<String> backupName() {
    return Optional.of(backup.name());
  }

  @Override
  public Redaction redaction() {
    return redaction;
  }

  @Override
  public Optional<TxRange> range() {
    return newest().map(newest -> new TxRange(0, newest.endT()));
  }

  @Override
  public ReadableLog.Cursor open() {
    return new SegmentCursor();
  }

  @Override
  public Map<Long, Set<Keyword>> names() {
    return newest().stream()
        .flatMap(range -> backup.schemaAtEnd(range).attributes().stream())
        .collect(Collectors.toMap(Attribute::id, Attribute::names));
  }

  @Override
  public void readState(long t, Path spillDirectory, Consumer<Datom> sink) {
    try (State state = Fold.upTo(t, backup, spillDirectory, Progress.IGNORED);
        Stream<Datom> datoms = state.datoms()) {
      datoms.forEach(sink);
    }
  }

  private Optional<TxRange> newest() {
    return cover.newest().map(StoredSegment::range);
  }

  private final class SegmentCursor implements ReadableLog.Cursor {
    private final Iterator<StoredSegment> segments =
        cover.inUse().stream()
            .filter(each -> gap.isEmpty() || each.range().startT() < gap.get().startT())
            .iterator();
    private long nextT;
    private Stream<Transaction> stream = Stream.empty();
    private Iterator<Transaction> transactions = Collections.emptyIterator();

    @Override
    public Optional<Transaction> next() {
      while (true) {
        while (transactions.hasNext()) {
          Transaction transaction = transactions.next();
          if (transaction.t() >= nextT) {
            nextT = transaction.t() + 1;
            return Optional.of(transaction);
          }
        }
        if (!segments.hasNext()) {
          return Optional.empty();
        }
        close();
        stream = backup.segment(segments.next().range()).transactions();
        transactions = stream.iterator();
      }
    }

    @Override
    public boolean endsAtGap() {
      return gap.isPresent();
    }

    @Override
    public void requireWholeThrough(long t) {
      StoredLog.this.requireWholeThrough(t);
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
