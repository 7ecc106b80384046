package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stored baselines of one backup: manifests, and the parts that they speak of. A baseline is
 * stored when its manifest is. Immutable, thread-safe; each call reads the store anew.
 */
public record StoredBaselines(
    BackupStore store, BackupKeys keys, String location, int partSizeMax) {
  /** The t of the newest baseline at or before t; empty when there is none. Costs one request. */
  public OptionalLong newestT(long t) {
    try (Stream<StoredObject> objects =
        store.list(keys.baselinesPrefix(), keys.baselinePosition(t))) {
      return objects.flatMapToLong(object -> keys.baselineT(object.key()).stream()).findFirst();
    }
  }

  /** The t of all baselines, in ascending order. Reads the listing of the manifests. */
  public List<Long> ts() {
    try (Stream<StoredObject> objects = store.list(keys.baselinesPrefix(), "")) {
      return objects
          .flatMapToLong(object -> keys.baselineT(object.key()).stream())
          .sorted()
          .boxed()
          .toList();
    }
  }

  /** The baseline of exactly this t; empty when there is none. Costs one request. */
  public Optional<StoredBaseline> find(long t) {
    return store.read(keys.baselineKey(t), NamedLines.SIZE_MAX).map(bytes -> decode(t, bytes));
  }

  private StoredBaseline decode(long t, byte[] bytes) {
    Optional<String> version = StoredBaseline.LINES.otherVersion(bytes);
    if (version.isPresent()) {
      throw new UnsupportedFormatException(
          "Failed to read " + describe(t) + ": its version is " + version.get(),
          "use a version of this library that reads baselines of version " + version.get());
    }
    return StoredBaseline.LINES
        .decode(bytes)
        .filter(baseline -> baseline.t() == t)
        .orElseThrow(() -> corrupt(t, keys.baselineKey(t) + " is not its manifest", null));
  }

  /** The numbers of the stored parts of the baseline of t, whether or not it has a manifest. */
  public Set<Long> partNumbers(long t) {
    try (Stream<StoredObject> objects = store.list(keys.partsPrefix(t), "")) {
      return objects
          .flatMapToLong(object -> keys.partNumber(t, object.key()).stream())
          .boxed()
          .collect(Collectors.toSet());
    }
  }

  /** The key of the manifest, whether or not it is stored. */
  public String key(long t) {
    return keys.baselineKey(t);
  }

  public String partKey(long t, long number) {
    return keys.partKey(t, number);
  }

  /** A part, with verified bytes. */
  public Segment part(long t, int number) {
    String key = keys.partKey(t, number);
    Optional<byte[]> bytes = store.read(key, partSizeMax + 1);
    if (bytes.isEmpty()) {
      throw corrupt(t, "its part " + key + " is missing", null);
    }
    if (bytes.get().length > partSizeMax) {
      throw corrupt(t, "its part " + key + " is too large", null);
    }
    try {
      return Segment.read(bytes.get(), key);
    } catch (CorruptSegmentException broken) {
      throw corrupt(t, "the bytes of its part " + key + " are not those that were written", broken);
    }
  }

  public List<Datom> datoms(long t, int number, Segment part) {
    try (Stream<Transaction> transactions = part.transactions()) {
      List<Datom> datoms = new ArrayList<>();
      transactions.forEach(transaction -> datoms.addAll(transaction.datoms()));
      return datoms;
    } catch (CorruptSegmentException broken) {
      throw corrupt(t, "its part " + partKey(t, number) + " cannot be decoded", broken);
    }
  }

  /** Saves a part; returns it as it is stored. Atomic, durable when it returns, and idempotent. */
  public Segment save(int number, WrittenSegment part) {
    long t = part.info().lastT();
    String key = keys.partKey(t, number);
    Segment ours = Segment.read(part.bytes(), key);
    if (store.create(key, part.bytes())) {
      return ours;
    }
    Segment stored = part(t, number);
    if (!stored.info().source().equals(part.info().source()) || !isSame(stored, ours)) {
      throw forked(t, key);
    }
    return stored;
  }

  /** By content hash, or else by the transaction, whose hash is the same for any client. */
  private static boolean isSame(Segment stored, Segment ours) {
    return stored.info().contentHash().equals(ours.info().contentHash())
        || (stored.info().transactionCount() == 1 && hash(stored).equals(hash(ours)));
  }

  private static String hash(Segment part) {
    try (Stream<Transaction> transactions = part.transactions()) {
      return TransactionHash.sha256(transactions.toList().get(0));
    }
  }

  /** Publishes the manifest, when all parts are stored. Idempotent. */
  public void publish(StoredBaseline baseline) {
    long t = baseline.t();
    if (!store.create(keys.baselineKey(t), StoredBaseline.LINES.encode(baseline))
        && !find(t).equals(Optional.of(baseline))) {
      throw forked(t, keys.baselineKey(t));
    }
  }

  /** Copies all baselines, parts first, into those of a copy of the backup. Idempotent. */
  public void copyInto(StoredBaselines copy) {
    for (long t : ts()) {
      StoredBaseline baseline = find(t).orElseThrow(() -> corrupt(t, "it is gone", null));
      for (int number = 0; number < baseline.partCount(); number++) {
        copy.save(number, part(t, number).written());
      }
      copy.publish(baseline);
    }
  }

  /** The refusal of another content than the stored one. */
  public ForkedHistoryException forked(long t, String key) {
    return new ForkedHistoryException(
        "Failed to save " + describe(t) + ": " + key + " has another content",
        ("check the backup at level decode; if the segments are right, move %s and the "
                + "objects under %s away")
            .formatted(keys.baselineKey(t), keys.partsPrefix(t)));
  }

  /** A fault of a baseline, with a hint on how to restore without it. */
  public CorruptSegmentException corrupt(long t, String what, @Nullable Throwable cause) {
    return new CorruptSegmentException(
        "Failed to read " + describe(t) + ": " + what,
        ("move %s away, and the restore computes the state from the segments; or choose "
                + "another baseline")
            .formatted(keys.baselineKey(t)),
        cause);
  }

  private String describe(long t) {
    return "the baseline of t " + t + " of " + location;
  }
}
