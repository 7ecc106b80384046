package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaseline;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaselines;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Writes a state as a stored baseline: parts, each a segment with one transaction, and then the
 * manifest. The cuts depend on the state alone, so that two writers write the same parts. Memory
 * holds one part. Immutable.
 */
public final class BaselineWriter {
  static final int PART_DATOM_COUNT_MAX = 50_000;

  static final long PART_WEIGHT_MAX = 16L << 20;

  private final StoredBaselines baselines;
  private final int datomCountMax;

  public BaselineWriter(StoredBaselines baselines) {
    this(baselines, PART_DATOM_COUNT_MAX);
  }

  BaselineWriter(StoredBaselines baselines, int datomCountMax) {
    this.baselines = baselines;
    this.datomCountMax = datomCountMax;
  }

  /**
   * Writes what is not stored yet. A baseline that is stored is compared with the state.
   *
   * @return the manifest as it is stored
   * @throws com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException when another state
   *     is stored for the same t
   */
  public StoredBaseline write(State state) {
    State.Of of = state.of();
    Optional<StoredBaseline> stored = baselines.find(of.t());
    if (stored.isPresent()) {
      if (!state.isSame(new StoredState(baselines, stored.get()))) {
        throw baselines.forked(of.t(), baselines.key(of.t()));
      }
      return stored.get();
    }
    Schema schema = state.schema();
    MessageDigest hashes = Sha256.digest();
    int number = 0;
    try (Stream<Datom> all = state.datoms()) {
      Iterator<Datom> datoms = all.iterator();
      do {
        SegmentWriter writer =
            new SegmentWriter(
                of.source(),
                schema,
                of.t(),
                OptionalLong.empty(),
                SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
        writer.add(new Transaction(of.t(), of.tx(), next(datoms)));
        hashes.update(baselines.save(number, writer.finish()).sha256());
        number++;
      } while (datoms.hasNext());
    }
    StoredBaseline baseline =
        new StoredBaseline(
            of.source(),
            of.t(),
            of.instant(),
            of.transactionHash(),
            of.datomCount(),
            number,
            HexFormat.of().formatHex(hashes.digest()));
    baselines.publish(baseline);
    return baseline;
  }

  private List<Datom> next(Iterator<Datom> datoms) {
    List<Datom> part = new ArrayList<>();
    long weight = 0;
    while (datoms.hasNext() && part.size() < datomCountMax && weight < PART_WEIGHT_MAX) {
      Datom datom = datoms.next();
      part.add(datom);
      weight += new Transaction(0, 0, List.of(datom)).weight();
    }
    return part;
  }
}
