package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.internal.log.AttributePattern;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The excluded, included, rewritten and masked attributes, from the target's claim. An ident means
 * every attribute of the source that ever had it, or for a copy, those that had it at the claim.
 * Immutable, but for what is read of the source.
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
  private final Set<Long> hidden; // those of the rewritten whose values have nothing in common

  static RecordedFilters of(TargetClaim claim, ReadableLog log, SourceReading source) {
    return new RecordedFilters(claim, claim.isFiltered() ? log.names() : Map.of(), source);
  }

  private RecordedFilters(TargetClaim claim, Map<Long, Set<Keyword>> names, SourceReading source) {
    this.claim = claim;
    this.source = source;
    this.excluded = filtered(claim.excluded(), names);
    this.rewritten = filtered(claim.rewritten(), names);
    if (!claim.included().isEmpty()) {
      Set<Long> included = atClaim(bearersOf(claim.included(), names), claim.includedIds());
      names.forEach(
          (id, each) -> {
            if (!included.contains(id) && !isBuiltIn(id, each)) {
              excluded.add(id);
            }
          });
    }
    this.hidden = new HashSet<>();
    claim
        .masked()
        .forEach(
            (ident, mask) -> {
              Set<Long> masked = filtered(Set.of(ident), names);
              (mask.kind() == Mask.Kind.NULL_OUT ? excluded : rewritten).addAll(masked);
              if (mask.needsSalt()) {
                hidden.addAll(masked);
              }
            });
  }

  TargetClaim claim() {
    return claim;
  }

  boolean excludes(long sourceAttribute) {
    return excluded.contains(sourceAttribute) && source.components(sourceAttribute).isEmpty();
  }

  boolean rewrites(long sourceAttribute) {
    return rewritten.contains(sourceAttribute);
  }

  /** Whether a mask replaces each value by another one. */
  boolean hides(long sourceAttribute) {
    return hidden.contains(sourceAttribute);
  }

  /** Whether the attribute has values that the source does not determine. */
  boolean changes(long sourceAttribute) {
    return rewrites(sourceAttribute) || changesComposite(sourceAttribute);
  }

  /** Whether the same holds of a composite, because of its components. */
  boolean changesComposite(long sourceAttribute) {
    return source.components(sourceAttribute).stream()
        .anyMatch(each -> excludes(each.id()) || rewrites(each.id()));
  }

  /** Whether the target may have fewer {@code :db.alter/attribute} datoms than the source. */
  boolean sparesAlterations() {
    return claim.excluded().stream().anyMatch(ALTERING::contains);
  }

  private Set<Long> filtered(Set<String> idents, Map<Long, Set<Keyword>> names) {
    return atClaim(bearersOf(idents, names), claim.filteredIds());
  }

  /** A copy is complete at its claim; a name that was given later has changed nothing in it. */
  private Set<Long> atClaim(Set<Long> bearers, Set<Long> claimed) {
    if (claim.isCopy()) {
      bearers.retainAll(claimed);
    }
    return bearers;
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
