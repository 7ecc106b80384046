package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The header of a segment. Immutable.
 *
 * @param formatVersion the version of the format that it is written in
 * @param source the database that its transactions come from
 * @param range the t that it covers: from the requested start to just after its last transaction;
 *     covers t that do not exist, too
 * @param previousT the t that precedes {@code firstT} in the log; empty at the log's beginning
 * @param firstT the t of its first transaction
 * @param lastT the t of its last transaction
 * @param transactionCount how many transactions it holds; at least 1
 * @param datomCount how many datoms they hold
 * @param firstInstant the {@code :db/txInstant} of the first transaction that has one; the first
 *     bootstrap transactions have none
 * @param lastInstant the {@code :db/txInstant} of the last transaction that has one
 * @param contentSize the bytes that its transactions take before compression
 * @param contentHash SHA-256, in hex, of these bytes: equal for equal transactions, whatever the
 *     compressor
 * @param lastTransactionHash the {@link TransactionHash} of its last transaction, by which a source
 *     with another past is recognized
 * @param builtInsUsed the idents, as in {@code :db/doc}, of the built-ins that its transactions
 *     use, as an attribute, a reference or a reference in a tuple, other than to define a built-in
 * @param prefixStored whether every transaction before {@code range} was stored when this segment
 *     was published; false if its writer did not know
 * @param redactedBy the ids of the rules by which datoms were left out; empty for none
 */
public record SegmentInfo(
    int formatVersion,
    SourceIdentity source,
    TxRange range,
    OptionalLong previousT,
    long firstT,
    long lastT,
    int transactionCount,
    long datomCount,
    Optional<Instant> firstInstant,
    Optional<Instant> lastInstant,
    long contentSize,
    String contentHash,
    String lastTransactionHash,
    Set<String> builtInsUsed,
    boolean prefixStored,
    Set<String> redactedBy) {
  private static final String COMPRESSION = "gzip";
  private static final String CONTENT_FORMAT = "transit+msgpack";
  private static final String SHA_256 = "[0-9a-f]{64}";

  public SegmentInfo {
    builtInsUsed = Set.copyOf(builtInsUsed);
    redactedBy = Set.copyOf(redactedBy);
    require(transactionCount >= 1, "transactionCount must be at least 1");
    require(datomCount >= 0, "datomCount must not be negative");
    require(contentSize >= 1, "contentSize must be at least 1");
    require(firstT <= lastT, "firstT must not be after lastT");
    require((firstT == lastT) == (transactionCount == 1), "one transaction has one t");
    require(
        range.startT() <= firstT && range.endT() == lastT + 1,
        "the range must begin no later than the first transaction and end after the last");
    require(
        previousT.isEmpty()
            || (previousT.getAsLong() >= 0 && previousT.getAsLong() < range.startT()),
        "previousT must be before the range");
    require(contentHash.matches(SHA_256), "contentHash must be a SHA-256 in hex");
    require(lastTransactionHash.matches(SHA_256), "lastTransactionHash must be a SHA-256 in hex");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** For callers of the library. */
  public BackedUpSegment described(long size) {
    return new BackedUpSegment(
        range, transactionCount, datomCount, size, firstInstant, lastInstant);
  }

  /** With readable keys, as a segment holds it. */
  Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("database-id", source.databaseId());
    map.put("first-transaction-hash", source.firstTransactionHash());
    map.put("start-t", range.startT());
    map.put("end-t", range.endT());
    map.put("previous-t", previousT.isPresent() ? previousT.getAsLong() : null);
    map.put("first-t", firstT);
    map.put("last-t", lastT);
    map.put("transaction-count", transactionCount);
    map.put("datom-count", datomCount);
    map.put("first-instant", firstInstant.map(Date::from).orElse(null));
    map.put("last-instant", lastInstant.map(Date::from).orElse(null));
    map.put("content-format", CONTENT_FORMAT);
    map.put("compression", COMPRESSION);
    map.put("content-size", contentSize);
    map.put("content-hash", contentHash);
    map.put("last-transaction-hash", lastTransactionHash);
    map.put("built-ins-used", new ArrayList<>(new TreeSet<>(builtInsUsed)));
    if (prefixStored) {
      map.put("prefix-stored", true);
    }
    if (!redactedBy.isEmpty()) {
      map.put("redacted-by", new ArrayList<>(new TreeSet<>(redactedBy)));
    }
    return map;
  }

  static SegmentInfo fromMap(int formatVersion, Map<?, ?> map) throws MalformedValueException {
    if (!CONTENT_FORMAT.equals(map.get("content-format"))
        || !COMPRESSION.equals(map.get("compression"))) {
      throw new MalformedValueException("a content format or compression of another version");
    }
    SegmentInfo info =
        new SegmentInfo(
            formatVersion,
            source(map),
            new TxRange(number(map, "start-t"), number(map, "end-t")),
            map.get("previous-t") == null
                ? OptionalLong.empty()
                : OptionalLong.of(number(map, "previous-t")),
            number(map, "first-t"),
            number(map, "last-t"),
            Math.toIntExact(number(map, "transaction-count")),
            number(map, "datom-count"),
            instant(map, "first-instant"),
            instant(map, "last-instant"),
            number(map, "content-size"),
            (String) TransitDecoder.required(map, "content-hash"),
            (String) TransitDecoder.required(map, "last-transaction-hash"),
            texts((List<?>) TransitDecoder.required(map, "built-ins-used")),
            Boolean.TRUE.equals(map.get("prefix-stored")),
            map.get("redacted-by") instanceof List<?> rules ? texts(rules) : Set.of());
    if (info.contentSize() > Limits.CONTENT_SIZE_MAX) {
      throw new MalformedValueException("more content than a segment may hold");
    }
    return info;
  }

  private static SourceIdentity source(Map<?, ?> map) throws MalformedValueException {
    Object hash = map.get("first-transaction-hash");
    if (hash != null && !((String) hash).matches(SHA_256)) {
      throw new MalformedValueException("a first transaction's hash that is none");
    }
    return new SourceIdentity((String) TransitDecoder.required(map, "database-id"), (String) hash);
  }

  private static Optional<Instant> instant(Map<?, ?> map, String key) {
    return Optional.ofNullable((Date) map.get(key)).map(Date::toInstant);
  }

  private static Set<String> texts(List<?> list) {
    return list.stream().map(String.class::cast).collect(Collectors.toSet());
  }

  private static long number(Map<?, ?> map, String key) throws MalformedValueException {
    return (Long) TransitDecoder.required(map, key);
  }
}
