package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One named backup in a store, by range instead of by key. Each call reads the store anew: this
 * object has no state, and the store has no index. Immutable, thread-safe.
 *
 * <p>Each method may throw the exceptions of {@link BackupStore}'s methods, and of {@link
 * SealedBackupStore}'s. A sealed object that was read without keys is refused. A segment that is
 * not stored is a {@link StoreException}, or a {@link NoSuchBackupException} if the backup has
 * none. Bytes that differ from those written are a {@link CorruptSegmentException}.
 */
public final class StoredBackup {
  /** The largest object that is accepted as a segment, in bytes: 1 GiB. */
  public static final int SEGMENT_SIZE_MAX = 1 << 30;

  private final BackupStore store;
  private final String name;
  private final BackupKeys keys;
  private final SegmentSearch search;
  private final int segmentSizeMax;

  private StoredBackup(BackupStore store, String name, BackupKeys keys, int segmentSizeMax) {
    this.store = store;
    this.name = name;
    this.keys = keys;
    this.search = new SegmentSearch(store, keys);
    this.segmentSizeMax = segmentSizeMax;
  }

  /** The backup with that name, whether or not any of it is stored; sends no request. */
  public static StoredBackup of(BackupStore store, String name) {
    return of(store, name, SEGMENT_SIZE_MAX);
  }

  /** The backup with that name, with another bound on the size of a segment. */
  public static StoredBackup of(BackupStore store, String name, int segmentSizeMax) {
    Objects.requireNonNull(store, "store");
    return new StoredBackup(
        SealedBackupStore.withoutKeys(store), name, BackupKeys.of(name), segmentSizeMax);
  }

  /** The names of all backups, sorted. Costs two requests per backup. */
  public static List<String> names(BackupStore store) {
    return BackupNames.in(store);
  }

  public String name() {
    return name;
  }

  /** For messages: {@code backup orders in file:/backups}. */
  public String location() {
    return "backup " + name.replaceAll("\\p{Cntrl}", "?") + " in " + store.location();
  }

  /** Whether any segment is stored. Costs one request, unless foreign objects are listed first. */
  public boolean exists() {
    try (Stream<StoredObject> objects = store.list(keys.segmentsPrefix(), "")) {
      return objects.anyMatch(object -> keys.range(object.key()).isPresent());
    }
  }

  /**
   * The segment that reaches farthest. Costs three requests for any number of segments; more only
   * if thousands overlap at the end.
   */
  public Optional<StoredSegment> newest() {
    return search.newest();
  }

  /** The {@link #newest} segment for a caller that polls; costs less while no segment arrives. */
  public NewestSegment newestSegment() {
    return newestSegment(System::nanoTime);
  }

  NewestSegment newestSegment(LongSupplier nanoClock) {
    return new NewestSegment(search, nanoClock);
  }

  /**
   * Among the segments that contain t, the one that reaches farthest. Costs three requests for any
   * number of segments; more only if thousands overlap at t.
   */
  public Optional<StoredSegment> covering(long t) {
    if (t < 0) {
      throw new IllegalArgumentException("t must not be negative");
    }
    return search.covering(t);
  }

  /** All segments, by start, then by end. Reads the listing; keeps about 60 bytes per segment. */
  public List<StoredSegment> segments() {
    try (Stream<StoredObject> objects = store.list(keys.segmentsPrefix(), "")) {
      return objects
          .flatMap(keys::segment)
          .sorted(Comparator.comparing(StoredSegment::range))
          .toList();
    }
  }

  /** All {@link #segments}, and those of them that readers use. */
  public Cover cover() {
    return new Cover(segments());
  }

  /** The key of the segment that covers this range, whether or not it is stored. */
  public String key(TxRange range) {
    return keys.key(range);
  }

  /** The common prefix of the keys of all segments in the level of this range's span. */
  public String levelPrefix(TxRange range) {
    return keys.levelPrefix(BackupKeys.level(range));
  }

  /** The keys that this library did not make. Reads the whole listing, and opens no object. */
  public ForeignKeys foreignKeys() {
    try (Stream<StoredObject> objects = store.list(keys.backupPrefix(), "")) {
      return ForeignKeys.of(objects.map(StoredObject::key).filter(keys::isForeign));
    }
  }

  public StoredBaselines baselines() {
    return new StoredBaselines(store, keys, location(), segmentSizeMax);
  }

  /** The database that this backup belongs to. Costs one request, and one per claim. */
  public Ownership ownership() {
    return Ownership.read(store, keys, location());
  }

  /** The ranges missing from {@code fromT} to the end, ascending. Reads the whole listing. */
  public List<TxRange> gaps(long fromT) {
    if (fromT < 0) {
      throw new IllegalArgumentException("fromT must not be negative");
    }
    return cover().gaps(fromT);
  }

  /**
   * Saves a segment. Atomic, durable when it returns, and idempotent: to save the same content
   * again changes nothing, whichever process saved it first.
   *
   * @param sameContent whether the bytes stored in that range, its first argument, have the same
   *     content as {@code content}, its second
   * @return whether this call published it; if not, the same content was already stored
   */
  public boolean save(TxRange range, byte[] content, BiPredicate<byte[], byte[]> sameContent) {
    if (content.length > segmentSizeMax) {
      throw new IllegalArgumentException("a segment takes at most " + segmentSizeMax + " bytes");
    }
    if (store.create(keys.key(range), content)) {
      return true;
    }
    if (sameContent.test(load(range), content)) {
      return false;
    }
    throw new ForkedHistoryException(
        "Failed to save " + range + " to " + location() + ": the stored segment differs.",
        "The source was reset or restored to another past: back it up under another name.");
  }

  /** All bytes of the segment that covers exactly this range. */
  public byte[] load(TxRange range) {
    byte[] content = loadStart(range, segmentSizeMax + 1);
    if (content.length > segmentSizeMax) {
      throw new CorruptSegmentException(
          "Failed to load %s of %s: the object is too large for a segment."
              .formatted(range, location()),
          "Move the object " + keys.key(range) + " away, then repair.");
    }
    return content;
  }

  /** The first bytes of the segment of exactly this range; all bytes when it is shorter. */
  public byte[] loadStart(TxRange range, int sizeMax) {
    return store.read(keys.key(range), sizeMax).orElseThrow(() -> missing(range));
  }

  /** The segment of exactly this range; empty when there is none. Costs one request. */
  public Optional<StoredSegment> find(TxRange range) {
    try (Stream<StoredObject> objects = store.list(keys.key(range), "")) {
      return objects
          .flatMap(keys::segment)
          .filter(segment -> segment.range().equals(range))
          .findFirst();
    }
  }

  private RuntimeException missing(TxRange range) {
    String what = "Failed to load " + range + " of " + location();
    return exists()
        ? new StoreException(
            what + ": there is no segment of that range.", "See what is stored with segments.")
        : new NoSuchBackupException(
            what + ": there is no such backup.", "Check the name and the store.");
  }

  /** Saves a segment under the range that it covers, as the other {@code save} does. */
  public boolean save(WrittenSegment segment) {
    TxRange range = segment.info().range();
    return at(
        range,
        () -> save(range, segment.bytes(), (stored, ours) -> requireSame(range, stored, ours)));
  }

  private <T> T at(TxRange range, Supplier<T> work) {
    return BackupException.at(BackupException.Place.ofSegment(range, keys.key(range)), work);
  }

  /**
   * Compares by content hash, or else by transactions. A transaction's hash is the same before and
   * after a restart, and for any client.
   */
  private boolean requireSame(TxRange range, byte[] storedBytes, byte[] ourBytes) {
    Segment stored = Segment.read(storedBytes, describe(range));
    Segment ours = Segment.read(ourBytes, describe(range));
    if (stored.info().contentHash().equals(ours.info().contentHash())) {
      return true;
    }
    Map<Long, String> storedHashes = hashes(stored);
    Map<Long, String> ourHashes = hashes(ours);
    SortedSet<Long> all = new TreeSet<>(storedHashes.keySet());
    all.addAll(ourHashes.keySet());
    for (long t : all) {
      if (!Objects.equals(storedHashes.get(t), ourHashes.get(t))) {
        throw new ForkedHistoryException(
            "Failed to save %s to %s: t %s has the hash %s, and the stored one has %s"
                .formatted(range, location(), t, ourHashes.get(t), storedHashes.get(t)),
            "The source was reset or restored to another past: back it up under another name.");
      }
    }
    return true;
  }

  private static Map<Long, String> hashes(Segment segment) {
    try (Stream<Transaction> transactions = segment.typedTransactions()) {
      return transactions.collect(Collectors.toMap(Transaction::t, TransactionHash::sha256));
    }
  }

  /** The segment that covers exactly this range, with verified bytes. */
  public Segment segment(TxRange range) {
    return at(range, () -> Segment.read(load(range), describe(range)));
  }

  /** The header of the segment that covers exactly this range; reads only its first bytes. */
  public SegmentInfo info(TxRange range) {
    return at(range, () -> readInfo(range));
  }

  /** The schema right after the segment that covers exactly this range. */
  public Schema schemaAtEnd(TxRange range) {
    Segment segment = segment(range);
    Schema schema = segment.schemaAtStart();
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions.forEach(schema::apply);
    }
    return schema;
  }

  /**
   * The hash of the stored transaction of a t; empty when it is not stored. Reads a header, or all
   * of the segment if that is not its last transaction.
   */
  public Optional<String> transactionHash(long t) {
    return transactionHash(t, covering(t));
  }

  private Optional<String> transactionHash(long t, Optional<StoredSegment> covering) {
    try {
      return covering.flatMap(segment -> transactionHash(t, segment.range()));
    } catch (StoreException | NoSuchBackupException failed) {
      Optional<StoredSegment> now = covering(t);
      if (now.equals(covering)) {
        throw failed;
      }
      return transactionHash(t, now); // it was removed, since another segment covers it
    }
  }

  private Optional<String> transactionHash(long t, TxRange range) {
    if (range.endT() == t + 1) {
      return Optional.of(info(range).lastTransactionHash());
    }
    try (Stream<Transaction> transactions = segment(range).transactions()) {
      return transactions
          .filter(transaction -> transaction.t() == t)
          .findFirst()
          .map(TransactionHash::sha256);
    }
  }

  private SegmentInfo readInfo(TxRange range) {
    byte[] start = loadStart(range, Segment.HEADER_SIZE_HINT);
    OptionalInt needed = Segment.headerSizeNeeded(start);
    if (needed.isPresent() && needed.getAsInt() > start.length) {
      start = loadStart(range, needed.getAsInt());
    }
    return Segment.readInfo(start, describe(range));
  }

  private String describe(TxRange range) {
    return range + " of " + location() + " (" + keys.key(range) + ")";
  }
}
