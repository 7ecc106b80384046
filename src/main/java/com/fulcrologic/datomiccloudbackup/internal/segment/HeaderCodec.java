package com.fulcrologic.datomiccloudbackup.internal.segment;

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

/** The header: a {@link SegmentInfo} as a map with readable keys, and back. */
final class HeaderCodec {
  private static final String COMPRESSION = "gzip";
  private static final String CONTENT_FORMAT = "transit+msgpack";

  private HeaderCodec() {}

  static Map<String, @Nullable Object> toMap(SegmentInfo info) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("database-id", info.source().databaseId());
    map.put("first-transaction-hash", info.source().firstTransactionHash());
    map.put("start-t", info.range().startT());
    map.put("end-t", info.range().endT());
    map.put("previous-t", info.previousT().isPresent() ? info.previousT().getAsLong() : null);
    map.put("first-t", info.firstT());
    map.put("last-t", info.lastT());
    map.put("transaction-count", info.transactionCount());
    map.put("datom-count", info.datomCount());
    map.put("first-instant", info.firstInstant().map(Date::from).orElse(null));
    map.put("last-instant", info.lastInstant().map(Date::from).orElse(null));
    map.put("content-format", CONTENT_FORMAT);
    map.put("compression", COMPRESSION);
    map.put("content-size", info.contentSize());
    map.put("content-hash", info.contentHash());
    map.put("last-transaction-hash", info.lastTransactionHash());
    map.put("built-ins-used", new ArrayList<>(new TreeSet<>(info.builtInsUsed())));
    if (info.prefixStored()) {
      map.put("prefix-stored", true);
    }
    if (!info.redactedBy().isEmpty()) {
      map.put("redacted-by", new ArrayList<>(new TreeSet<>(info.redactedBy())));
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
            (String) required(map, "content-hash"),
            (String) required(map, "last-transaction-hash"),
            texts((List<?>) required(map, "built-ins-used")),
            Boolean.TRUE.equals(map.get("prefix-stored")),
            map.get("redacted-by") instanceof List<?> rules ? texts(rules) : Set.of());
    if (info.contentSize() > Limits.CONTENT_SIZE_MAX) {
      throw new MalformedValueException("more content than a segment may hold");
    }
    return info;
  }

  private static SourceIdentity source(Map<?, ?> map) throws MalformedValueException {
    Object hash = map.get("first-transaction-hash");
    if (hash != null && !((String) hash).matches("[0-9a-f]{64}")) {
      throw new MalformedValueException("a first transaction's hash that is none");
    }
    return new SourceIdentity((String) required(map, "database-id"), (String) hash);
  }

  private static Optional<Instant> instant(Map<?, ?> map, String key) {
    return Optional.ofNullable((Date) map.get(key)).map(Date::toInstant);
  }

  private static Set<String> texts(List<?> list) {
    return list.stream().map(String.class::cast).collect(Collectors.toSet());
  }

  private static long number(Map<?, ?> map, String key) throws MalformedValueException {
    return (Long) required(map, key);
  }

  static Object required(Map<?, ?> map, String key) throws MalformedValueException {
    Object value = map.get(key);
    if (value == null) {
      throw new MalformedValueException("no " + key);
    }
    return value;
  }
}
