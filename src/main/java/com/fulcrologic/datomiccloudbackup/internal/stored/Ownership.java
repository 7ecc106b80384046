package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The database that a backup belongs to, from its claims at the time of reading. Claims are
 * numbered objects, each created once; the last claim counts. Immutable, thread-safe.
 *
 * @param claims in ascending order of number
 */
public record Ownership(
    BackupStore store, BackupKeys keys, String location, List<SourceClaim> claims) {
  static final int CLAIM_COUNT_MAX = 1_000;

  static Ownership read(BackupStore store, BackupKeys keys, String location) {
    TreeSet<Long> numbers = new TreeSet<>();
    try (Stream<StoredObject> objects = store.list(keys.claimPrefix(), "")) {
      objects.forEach(object -> keys.claimNumber(object.key()).ifPresent(numbers::add));
    }
    if (!numbers.isEmpty() && numbers.last() != numbers.size() - 1) {
      throw new CorruptSegmentException(
          "Failed to read the claims of " + location + ": a claim before the last is missing.",
          "Recover " + keys.backupPrefix() + "claim… from a copy of the store.");
    }
    List<SourceClaim> claims =
        numbers.stream().map(number -> claim(store, keys.claimKey(number), location)).toList();
    return new Ownership(store, keys, location, claims);
  }

  private static SourceClaim claim(BackupStore store, String key, String location) {
    byte[] bytes = store.read(key, ClaimCodec.SIZE_MAX).orElseGet(() -> new byte[0]);
    Optional<String> version = ClaimCodec.otherVersion(bytes);
    if (version.isPresent()) {
      throw new UnsupportedFormatException(
          "Failed to read " + key + " of " + location + ": its version is " + version.get() + ".",
          "Use a version of this library that reads claims of version " + version.get() + ".");
    }
    return ClaimCodec.decode(bytes)
        .orElseThrow(
            () ->
                new CorruptSegmentException(
                    "Failed to read " + key + " of " + location + ": it is not a claim.",
                    "Recover it from a copy of the store; it states the backup's database."));
  }

  public boolean isClaimed() {
    return !claims.isEmpty();
  }

  /**
   * The database of the first claim; empty when there is no claim. Every segment has its id, even
   * if a database with a later adopted id wrote the segment.
   */
  public Optional<SourceIdentity> origin() {
    return claims.stream().findFirst().map(this::identity);
  }

  /** The database that may write now; empty when there is no claim. */
  public Optional<SourceIdentity> current() {
    return claims.stream().reduce((earlier, later) -> later).map(this::identity);
  }

  private SourceIdentity identity(SourceClaim claim) {
    return new SourceIdentity(claim.source().databaseId(), firstTransactionHash());
  }

  /** The rules by which every segment of the backup is written. */
  public Redaction redaction() {
    return claims.stream().map(SourceClaim::redaction).reduce(Redaction.NONE, Redaction::and);
  }

  /** Requires that a segment covers the range of its key, under the rules of the backup. */
  public void requireOwn(SegmentInfo segment, TxRange key, String doing) {
    requireOwnRules(segment, doing);
    if (!segment.range().equals(key)) {
      throw new CorruptSegmentException(
          "Failed to %s: %s is stored under %s".formatted(doing, segment.range(), key),
          "move it away, then repair");
    }
  }

  /** Requires that it was written under these rules; messages say "Failed to {@code doing}". */
  public void requireOwnRules(SegmentInfo segment, String doing) {
    if (!segment.redactedBy().equals(redaction().ruleIds())) {
      throw new CorruptSegmentException(
          "Failed to %s: %s was written under the rules %s, and the claims name %s."
              .formatted(doing, segment.range(), segment.redactedBy(), redaction().ruleIds()),
          "Recover the claims from a copy of the store, or move segments of another backup away.");
    }
  }

  Set<Long> excisionTs() {
    return claims.stream()
        .flatMap(claim -> claim.excisionTs().stream())
        .collect(Collectors.toSet());
  }

  private @Nullable String firstTransactionHash() {
    for (SourceClaim claim : claims) {
      if (claim.source().firstTransactionHash() != null) {
        return claim.source().firstTransactionHash();
      }
    }
    return null;
  }

  /**
   * Adds a durable claim after these. False when the store has more claims by now, possibly this
   * claim after a lost reply: read the claims again.
   */
  public boolean add(SourceClaim claim) {
    if (claims.size() >= CLAIM_COUNT_MAX) {
      throw new StoreException(
          "Failed to claim " + location + ": it has " + claims.size() + " claims.",
          "Two systems claim it in turn: give the backup of each its own name.");
    }
    return store.create(keys.claimKey(claims.size()), ClaimCodec.encode(claim));
  }
}
