package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The claims of a copy: those of the backup, of which the first one records the rules of the copy.
 * Claims that are stored already must agree with them, so that a name belongs to one copy.
 */
record CopyClaims(
    StoredBackup source, Ownership ownership, StoredBackup target, CopyOptions options) {
  /** Writes the claims that the target lacks; returns its rules, as they are recorded. */
  Redaction claim() {
    List<SourceClaim> wanted = wanted();
    while (true) {
      Ownership there = target.ownership();
      requireSame(wanted, there);
      if (there.claims().size() >= wanted.size()) {
        return there.redaction();
      }
      there.add(wanted.get(there.claims().size())); // or another process was faster
    }
  }

  private List<SourceClaim> wanted() {
    Redaction before = ownership.redaction();
    Redaction rules = before.and(rules());
    List<SourceClaim> claims = new ArrayList<>(ownership.claims());
    SegmentInfo farthest = source.info(newestRange());
    ownership.requireOwnRules(farthest, "copy " + source.location());
    if (claims.isEmpty()) {
      // Segments without a claim belong to the database that they name.
      claims.add(new SourceClaim(SourceClaim.Reason.FIRST, farthest.source()));
    }
    if (!rules.ruleIds().equals(before.ruleIds())) {
      claims.set(0, claims.get(0).copied(source.name(), rules));
    }
    return claims;
  }

  private TxRange newestRange() {
    return source.newest().orElseThrow().range();
  }

  private Redaction rules() {
    boolean erases = !options.erasedEntities().isEmpty() || !options.erasedValues().isEmpty();
    if (!erases && options.excludedAttributes().isEmpty()) {
      return Redaction.NONE;
    }
    if (erases) {
      requireNoGap();
    }
    Schema newest = source.schemaAtEnd(newestRange());
    Redaction leftOut = Redaction.leavingOut(options.excludedAttributes(), newest, Set.of());
    if (!target.ownership().isClaimed() && new Redacting(leftOut, newest).shortensComposites()) {
      requireComputable(leftOut);
    }
    return erases
        ? leftOut.and(Redaction.erasing(new ErasedEntities(source, newest).find(options)))
        : leftOut;
  }

  /** A composite may have been unique, or computed from another attribute, in the past alone. */
  private void requireComputable(Redaction leftOut) {
    for (StoredSegment each : source.cover().inUse()) {
      Segment segment = source.segment(each.range());
      Redacting redacting = Redacting.forWriting(leftOut, segment.schemaAtStart());
      try (Stream<Transaction> transactions = segment.transactions()) {
        transactions.forEach(redacting::next);
      }
    }
  }

  /** A later backup fills a gap, perhaps with an entity that was never found. */
  private void requireNoGap() {
    List<TxRange> gaps = source.gaps(0);
    if (!gaps.isEmpty()) {
      throw new SegmentGapException(
          "Failed to copy %s: missing %s, which may name an entity to erase"
              .formatted(source.location(), gaps.get(0)),
          "fill the gap from the source with repair, then copy",
          gaps.get(0));
    }
  }

  private void requireSame(List<SourceClaim> wanted, Ownership there) {
    if (!there.isClaimed() && target.exists()) {
      throw new ForeignSourceException(
          "Failed to copy into " + target.location() + ": it has segments, and no claim",
          "copy into a name that is free");
    }
    for (int i = 0; i < Math.min(wanted.size(), there.claims().size()); i++) {
      SourceClaim ours = wanted.get(i);
      SourceClaim stored = there.claims().get(i);
      if (!ours.reason().equals(stored.reason()) || !ours.source().equals(stored.source())) {
        throw new ForeignSourceException(
            "Failed to copy into %s: it belongs to source %s, and the backup to %s"
                .formatted(target.location(), stored.source(), ours.source()),
            "copy into a name that is free");
      }
      if (!ours.redaction().ruleIds().equals(stored.redaction().ruleIds())
          || !ours.copiedFrom().equals(stored.copiedFrom())) {
        throw new InvalidConfigurationException(
            ("Failed to copy into %s: it was begun under the rules %s, and this copy has the "
                    + "rules %s")
                .formatted(
                    target.location(), stored.redaction().ruleIds(), ours.redaction().ruleIds()),
            "to continue that copy, name the same rules and the same backup; if these mean more"
                + " entities or attributes by now, or others, copy into a name that is free");
      }
    }
  }
}
