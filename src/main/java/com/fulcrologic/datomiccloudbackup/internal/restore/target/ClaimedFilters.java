package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.internal.log.AttributePattern;
import com.fulcrologic.datomiccloudbackup.internal.tools.IdRanges;
import com.fulcrologic.datomiccloudbackup.internal.tools.KeyedHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a claim. Immutable.
 *
 * @param excluded idents and namespaces of excluded attributes
 * @param included idents and namespaces of included attributes; empty where all are
 * @param rewritten idents of rewritten attributes; the functions themselves cannot be recorded
 * @param masked idents of masked attributes with their masks, as in {@code :person/email=hash}
 * @param saltCheck a hash under the salt, by which another salt is noticed; empty without a salt.
 *     The salt cannot be computed from it
 * @param filteredIds the source's attributes that the excluded, rewritten and masked idents meant
 *     when the target was claimed
 * @param includedIds those that the included ones meant then
 * @param isLiteral whether a version wrote this for which {@code :person/*} was the ident of one
 *     attribute
 */
public record ClaimedFilters(
    SortedSet<String> excluded,
    SortedSet<String> included,
    SortedSet<String> rewritten,
    SortedSet<String> masked,
    String saltCheck,
    SortedSet<Long> filteredIds,
    SortedSet<Long> includedIds,
    boolean isLiteral) {

  private static final Keyword EXCLUDED_KEY = Keyword.intern("excluded");
  private static final Keyword INCLUDED_KEY = Keyword.intern("included");
  private static final Keyword REWRITTEN_KEY = Keyword.intern("rewritten");
  private static final Keyword MASKED_KEY = Keyword.intern("masked");
  private static final Keyword SALT_CHECK_KEY = Keyword.intern("mask-salt-check");
  private static final Keyword FILTERED_IDS_KEY = Keyword.intern("filtered-attributes");
  private static final Keyword INCLUDED_IDS_KEY = Keyword.intern("included-attributes");
  private static final int SALT_CHECK_SIZE = 8;

  static ClaimedFilters of(
      RestoreOptions options, SortedSet<Long> filteredIds, SortedSet<Long> includedIds) {
    SortedSet<String> masked = new TreeSet<>();
    options.masks().forEach((ident, mask) -> masked.add(Edn.keyword(ident) + "=" + mask));
    boolean isSalted = options.masks().values().stream().anyMatch(Mask::needsSalt);
    return new ClaimedFilters(
        normalized(options.excludedAttributes()),
        normalized(options.includedAttributes()),
        normalized(options.rewrites().keySet()),
        masked,
        options.maskSalt().filter(salt -> isSalted).map(ClaimedFilters::saltCheck).orElse(""),
        filteredIds,
        includedIds,
        false);
  }

  private static String saltCheck(byte[] salt) {
    return HexFormat.of().formatHex(new KeyedHash(salt).of("salt", ""), 0, SALT_CHECK_SIZE);
  }

  /** Whether a version that knows excluded and rewritten idents alone would restore other data. */
  boolean areOfFormat3() {
    return !included.isEmpty() || !masked.isEmpty() || namesNamespace(excluded);
  }

  private static boolean namesNamespace(SortedSet<String> idents) {
    return idents.stream().anyMatch(each -> AttributePattern.of(each).isNamespace());
  }

  void addTo(List<@Nullable Object> entries, boolean isOfFormat3) {
    entries.addAll(List.of(EXCLUDED_KEY, vector(excluded), REWRITTEN_KEY, vector(rewritten)));
    if (isOfFormat3) {
      entries.addAll(List.of(INCLUDED_KEY, vector(included), MASKED_KEY, vector(masked)));
      entries.addAll(List.of(SALT_CHECK_KEY, saltCheck));
      entries.addAll(List.of(FILTERED_IDS_KEY, runs(filteredIds)));
      entries.addAll(List.of(INCLUDED_IDS_KEY, runs(includedIds)));
    } else {
      entries.addAll(List.of(FILTERED_IDS_KEY, vector(filteredIds)));
    }
  }

  private static PersistentVector vector(SortedSet<?> elements) {
    return PersistentVector.create(List.copyOf(elements));
  }

  /**
   * The filters in a claim's map.
   *
   * @throws ClassCastException or NullPointerException or IllegalArgumentException when it is
   *     malformed
   */
  static ClaimedFilters in(IPersistentMap map) {
    boolean isOfFormat3 = map.containsKey(INCLUDED_KEY);
    SortedSet<String> excluded = strings(map.valAt(EXCLUDED_KEY));
    return new ClaimedFilters(
        excluded,
        isOfFormat3 ? strings(map.valAt(INCLUDED_KEY)) : new TreeSet<>(),
        strings(map.valAt(REWRITTEN_KEY)),
        isOfFormat3 ? strings(map.valAt(MASKED_KEY)) : new TreeSet<>(),
        isOfFormat3 ? Objects.requireNonNull((String) map.valAt(SALT_CHECK_KEY)) : "",
        ids(map.valAt(FILTERED_IDS_KEY)),
        isOfFormat3 ? ids(map.valAt(INCLUDED_IDS_KEY)) : new TreeSet<>(),
        !isOfFormat3 && namesNamespace(excluded));
  }

  /** How other filters differ, for a refusal; empty when they are the same. */
  Optional<String> differenceTo(ClaimedFilters wanted) {
    String begun = words();
    String now = wanted.words();
    if (!begun.equals(now)) {
      return Optional.of("it was begun " + begun + ", and this restore would continue " + now);
    }
    if (isLiteral && !wanted.isLiteral) {
      return Optional.of("the version that began it took namespaces in " + begun + " for idents");
    }
    return saltCheck.equals(wanted.saltCheck)
        ? Optional.empty()
        : Optional.of("its masks were begun with another salt");
  }

  /** As in {@code excluding :a/b, :a/c and rewriting :a/d}. */
  private String words() {
    List<String> parts = new ArrayList<>();
    add("excluding", excluded, parts);
    add("including", included, parts);
    add("rewriting", rewritten, parts);
    add("masking", masked, parts);
    return parts.isEmpty() ? "without filters" : String.join(" and ", parts);
  }

  private static void add(String verb, SortedSet<String> idents, List<String> parts) {
    if (!idents.isEmpty()) {
      parts.add(verb + " " + String.join(", ", idents));
    }
  }

  private static SortedSet<String> normalized(Collection<String> idents) {
    SortedSet<String> normalized = new TreeSet<>();
    idents.forEach(ident -> normalized.add(Edn.keyword(ident).toString()));
    return normalized;
  }

  private static SortedSet<String> strings(Object vector) {
    SortedSet<String> strings = new TreeSet<>();
    ((List<?>) vector).forEach(element -> strings.add((String) element));
    return strings;
  }

  private static PersistentVector runs(SortedSet<Long> ids) {
    return PersistentVector.create(
        IdRanges.of(ids).stream()
            .map(each -> each instanceof List<?> run ? PersistentVector.create(run) : each)
            .toList());
  }

  private static SortedSet<Long> ids(Object vector) {
    return IdRanges.read((List<?>) vector);
  }
}
