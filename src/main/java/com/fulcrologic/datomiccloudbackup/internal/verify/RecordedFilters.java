package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The excluded and rewritten attributes, from the target's claim. An ident means every attribute of
 * the source that ever had it. Immutable.
 */
final class RecordedFilters {
  static final RecordedFilters NONE =
      new RecordedFilters(new TreeSet<>(), new TreeSet<>(), Set.of(), Set.of());

  /** For each change of these, Datomic also logs a {@code :db.alter/attribute}. */
  private static final Set<String> ALTERING =
      Set.of(":db/unique", ":db/noHistory", ":db/isComponent", ":db.attr/preds");

  private final SortedSet<String> excludedIdents;
  private final SortedSet<String> rewrittenIdents;
  private final Set<Long> excluded;
  private final Set<Long> rewritten;

  private RecordedFilters(
      SortedSet<String> excludedIdents,
      SortedSet<String> rewrittenIdents,
      Set<Long> excluded,
      Set<Long> rewritten) {
    this.excludedIdents = excludedIdents;
    this.rewrittenIdents = rewrittenIdents;
    this.excluded = excluded;
    this.rewritten = rewritten;
  }

  /** Finds the source attributes of a claim's idents. */
  static RecordedFilters of(TargetClaim claim, ReadableLog source) {
    return new RecordedFilters(
        claim.excluded(),
        claim.rewritten(),
        bearersOf(claim.excluded(), source),
        bearersOf(claim.rewritten(), source));
  }

  SortedSet<String> excludedIdents() {
    return excludedIdents;
  }

  SortedSet<String> rewrittenIdents() {
    return rewrittenIdents;
  }

  /**
   * @param sourceAttribute an attribute's id in the source
   */
  boolean excludes(long sourceAttribute) {
    return excluded.contains(sourceAttribute);
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
    return excludedIdents.stream().anyMatch(ALTERING::contains);
  }

  private static Set<Long> bearersOf(Set<String> idents, ReadableLog source) {
    return idents.isEmpty()
        ? Set.of()
        : source.bearersOf(idents.stream().map(Edn::keyword).collect(Collectors.toSet()));
  }
}
