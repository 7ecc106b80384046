package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaseline;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaselines;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of a stored baseline, read part after part; no datom of a part is passed on before all
 * bytes of that part are verified. Each reading to the end verifies that these are the parts of the
 * manifest. Memory holds one part. Immutable.
 */
public record StoredState(StoredBaselines baselines, StoredBaseline baseline) implements State {
  /** The state of the stored baseline of exactly this t; empty when there is none. */
  public static Optional<State> of(long t, StoredBackup backup) {
    StoredBaselines baselines = backup.baselines();
    return baselines.find(t).map(found -> new StoredState(baselines, found));
  }

  @Override
  public Of of() {
    return new Of(
        baseline.source(),
        baseline.t(),
        baseline.instant(),
        baseline.transactionHash(),
        baseline.datomCount());
  }

  @Override
  public Schema schema() {
    return baselines.part(baseline.t(), 0).schemaAtStart();
  }

  @Override
  public Stream<Datom> datoms() {
    return Streams.ofBatches(new Reading()::next);
  }

  @Override
  public void close() {}

  /** Verifies every byte, and decodes no datom. */
  public void requireWhole() {
    Reading reading = new Reading();
    while (reading.number < baseline.partCount()) {
      reading.verifyNext();
    }
  }

  private final class Reading {
    private final MessageDigest hashes = Sha256.digest();
    private int number;
    private long count;

    /** The datoms of the next part that has any; none at the end. */
    List<Datom> next() {
      List<Datom> part = List.of();
      while (part.isEmpty() && number < baseline.partCount()) {
        int next = number;
        part = baselines.datoms(baseline.t(), next, verifyNext());
      }
      return part;
    }

    private Segment verifyNext() {
      long t = baseline.t();
      Segment next = baselines.part(t, number);
      SegmentInfo info = next.info();
      hashes.update(next.sha256());
      count += info.datomCount();
      number++;
      boolean isLast = number == baseline.partCount();
      boolean isOfBaseline =
          info.firstT() == t
              && info.transactionCount() == 1
              && info.source().equals(baseline.source());
      if (!isOfBaseline || (isLast && !isWhole())) {
        throw baselines.corrupt(
            t, "its parts up to " + baselines.partKey(t, number - 1) + " are not its own", null);
      }
      return next;
    }

    private boolean isWhole() {
      return count == baseline.datomCount()
          && HexFormat.of().formatHex(hashes.digest()).equals(baseline.partsHash());
    }
  }
}
