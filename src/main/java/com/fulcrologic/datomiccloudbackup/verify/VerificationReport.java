package com.fulcrologic.datomiccloudbackup.verify;

import com.fulcrologic.datomiccloudbackup.RedactionRule;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The receipt of a comparison: its two sides, its scope and its result. Holds no value from a
 * database unless the caller requests it. Immutable.
 *
 * @param source the side that was taken as the original
 * @param target the side that was compared with it
 * @param baseline the state that was compared first, if the target begins with one; else empty
 * @param range the source's t that were compared, transaction by transaction; after the baseline's,
 *     if there is one; empty when there were none
 * @param transactionCount transactions of the source in that range
 * @param datomCount datoms of the source in them
 * @param entityCount entities, transactions included, of which the target records the id in the
 *     source, each once; 0 where no target was compared
 * @param datomsWithoutValueCount how many of these were compared by entity, attribute and assertion
 *     alone, since a recorded filter changes their value
 * @param mergedDatomCount how many of those have no counterpart, since a filter made two values one
 * @param excludedAttributes the idents and namespaces that the target's claim says were left out
 * @param includedAttributes those that it says were carried alone; empty for all
 * @param rewrittenAttributes the idents that it says were rewritten
 * @param maskedAttributes the idents that it says were masked, with their masks, as in {@code
 *     :person/email=hash}
 * @param redactions the rules of the backup that was compared: both sides without what they leave
 *     out
 * @param differenceCounts how many differences there are of each kind that was found
 * @param differences the first few of each kind
 * @param sha256 SHA-256, in hex, over the hashes of the source's transactions in that range: equal
 *     for equal ranges of equal sources, stored or live
 * @param begun when the comparison began
 * @param duration how long it took
 * @param versions of this library, of Datomic Local and of Java, as far as they are known
 */
public record VerificationReport(
    String source,
    String target,
    Optional<Baseline> baseline,
    Optional<TxRange> range,
    long transactionCount,
    long datomCount,
    long entityCount,
    long datomsWithoutValueCount,
    long mergedDatomCount,
    SortedSet<String> excludedAttributes,
    SortedSet<String> includedAttributes,
    SortedSet<String> rewrittenAttributes,
    SortedSet<String> maskedAttributes,
    List<RedactionRule> redactions,
    Map<Difference.Kind, Long> differenceCounts,
    List<Difference> differences,
    String sha256,
    Instant begun,
    Duration duration,
    Map<String, String> versions) {

  /**
   * A proved state: what the source held right after a transaction, compared with what the target
   * held when it was restored that far.
   *
   * @param t the transaction, in the source
   * @param datomCount datoms of that state, without Datomic's own
   * @param datomsWithoutValueCount how many of these were compared by entity and attribute alone
   * @param mergedDatomCount how many of those have no counterpart
   */
  public record Baseline(
      long t, long datomCount, long datomsWithoutValueCount, long mergedDatomCount) {}

  /** Differences of one kind in {@link #differences} at most. */
  public static final int DIFFERENCES_TOLD_MAX = 10;

  public VerificationReport {
    excludedAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(excludedAttributes));
    includedAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(includedAttributes));
    maskedAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(maskedAttributes));
    rewrittenAttributes = Collections.unmodifiableSortedSet(new TreeSet<>(rewrittenAttributes));
    EnumMap<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
    counts.putAll(differenceCounts);
    differenceCounts = Collections.unmodifiableMap(counts);
    redactions = List.copyOf(redactions);
    differences = List.copyOf(differences);
    versions = Map.copyOf(versions);
  }

  /** Whether the logs are equal. */
  public boolean isEqual() {
    return differenceCounts.isEmpty();
  }

  /** How many differences of this kind there are. */
  public long count(Difference.Kind kind) {
    return differenceCounts.getOrDefault(kind, 0L);
  }
}
