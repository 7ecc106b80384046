package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.AttributePattern;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The excluded, included, rewritten and masked attributes, from the target's claim. An ident means
 * every attribute of the source that ever had it. Immutable, but for what is read of the source.
 */
final class RecordedFilters {
  static final RecordedFilters NONE =
      new RecordedFilters(TargetClaim.NONE, Map.of(), new SourceReading());

  /** For each change of these, Datomic also logs a {@code :db.alter/attribute}. */
  private static final Set<String> ALTERING =
      Set.of(":db/unique", ":db/noHistory", ":db/isComponent", ":db.attr/preds");

  private final TargetClaim claim;
  private final SourceReading source;
  private final Set<Long> excluded; // possibly with composites, which no filter leaves out
  private final Set<Long> rewritten;

  /** Finds the source attributes of a claim's idents. */
  static RecordedFilters of(TargetClaim claim, ReadableLog log, SourceReading source) {
    return new RecordedFilters(claim, claim.isFiltered() ? log.names() : Map.of(), source);
  }

  private RecordedFilters(TargetClaim claim, Map<Long, Set<Keyword>> names, SourceReading source) {
    this.claim = claim;
    this.source = source;
    this.excluded = bearersOf(claim.excluded(), names);
    this.rewritten = bearersOf(claim.rewritten(), names);
    if (!claim.included().isEmpty()) {
      Set<Long> included = bearersOf(claim.included(), names);
      names.forEach(
          (id, each) -> {
            if (!included.contains(id) && !isBuiltIn(id, each)) {
              excluded.add(id);
            }
          });
    }
    claim
        .masked()
        .forEach(
            (ident, mask) ->
                (mask.kind() == Mask.Kind.NULL_OUT ? excluded : rewritten)
                    .addAll(bearersOf(Set.of(ident), names)));
  }

  SortedSet<String> excludedIdents() {
    return claim.excluded();
  }

  SortedSet<String> includedIdents() {
    return claim.included();
  }

  SortedSet<String> rewrittenIdents() {
    return claim.rewritten();
  }

  /** With their masks, as in {@code :person/email=hash}. */
  SortedSet<String> maskedIdents() {
    SortedSet<String> masked = new TreeSet<>();
    claim.masked().forEach((ident, mask) -> masked.add(ident + "=" + mask));
    return masked;
  }

  /**
   * @param sourceAttribute an attribute's id in the source
   */
  boolean excludes(long sourceAttribute) {
    return excluded.contains(sourceAttribute) && source.components(sourceAttribute).isEmpty();
  }

  boolean rewrites(long sourceAttribute) {
    return rewritten.contains(sourceAttribute);
  }

  /** Whether a composite with these components has values that the source does not determine. */
  boolean changes(Collection<Attribute> components) {
    return components.stream().anyMatch(each -> excludes(each.id()) || rewrites(each.id()));
  }

  /** Whether the target may have fewer {@code :db.alter/attribute} datoms than the source. */
  boolean sparesAlterations() {
    return claim.excluded().stream().anyMatch(ALTERING::contains);
  }

  private static Set<Long> bearersOf(Set<String> idents, Map<Long, Set<Keyword>> names) {
    List<AttributePattern> patterns = idents.stream().map(AttributePattern::of).toList();
    Set<Long> bearers = new HashSet<>();
    names.forEach(
        (id, each) -> {
          for (AttributePattern pattern : patterns) {
            if (pattern.matches(each) && !(pattern.isNamespace() && isBuiltIn(id, each))) {
              bearers.add(id);
            }
          }
        });
    return bearers;
  }

  private static boolean isBuiltIn(long id, Set<Keyword> names) {
    return names.stream().anyMatch(name -> BuiltIns.isBuiltIn(id, name));
  }
}
