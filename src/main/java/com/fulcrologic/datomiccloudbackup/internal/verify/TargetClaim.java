package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.tools.IdRanges;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A target's record of its restore: the backup, the source, and the filtered attributes. Immutable.
 *
 * @param excluded idents and namespaces of the attributes that were left out
 * @param included idents and namespaces of the attributes that alone were carried; empty for all
 * @param rewritten idents of the attributes that were rewritten
 * @param masked idents of the attributes that were masked, with their masks
 * @param filteredIds the source's attributes that the excluded, rewritten and masked idents meant
 *     when the target was claimed
 * @param includedIds those that the included ones meant then
 * @param baselineT the source t with whose state the target begins; empty for one with all history
 * @param isCopy whether the target ends with that state
 */
record TargetClaim(
    String backupName,
    SourceIdentity source,
    SortedSet<String> excluded,
    SortedSet<String> included,
    SortedSet<String> rewritten,
    SortedMap<String, Mask> masked,
    SortedSet<Long> filteredIds,
    SortedSet<Long> includedIds,
    OptionalLong baselineT,
    boolean isCopy) {
  /** The claim of a database that says nothing of a restore. */
  static final TargetClaim NONE =
      new TargetClaim(
          "",
          new SourceIdentity("", null),
          new TreeSet<>(),
          new TreeSet<>(),
          new TreeSet<>(),
          new TreeMap<>(),
          new TreeSet<>(),
          new TreeSet<>(),
          OptionalLong.empty(),
          false);

  private static final long FORMAT = 1; // of a target with all history
  private static final long FORMAT_OF_BASELINE = 2; // of a target that begins with a baseline
  private static final long FORMAT_OF_FILTERS = 3; // of either with namespaces, included, or masks

  private static final Keyword COPY_KEY = Keyword.intern("copy");
  private static final Keyword BASELINE_KEY = Keyword.intern("baseline");

  /** Parses a claim; empty when the text is none. */
  static Optional<TargetClaim> read(String text) {
    try {
      return Edn.read(text) instanceof IPersistentMap map ? read(map) : Optional.empty();
    } catch (InvalidConfigurationException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<TargetClaim> read(IPersistentMap map) {
    if (!(value(map, "format") instanceof Long format)) {
      return Optional.empty();
    }
    boolean isOfFilters = format == FORMAT_OF_FILTERS;
    boolean hasBaseline =
        format == FORMAT_OF_BASELINE || (isOfFilters && map.containsKey(BASELINE_KEY));
    if (format < FORMAT || format > FORMAT_OF_FILTERS) {
      throw new TargetNotRestorableException(
          ("Failed to compare the logs: the target was restored in format %s, and this version "
                  + "understands the formats %s to %s")
              .formatted(format, FORMAT, FORMAT_OF_FILTERS),
          "compare it with the version of this library that restored it");
    }
    @Nullable Object hash = value(map, "source-first-transaction");
    Object includedKeys = isOfFilters ? value(map, "included") : List.of();
    Object maskedKeys = isOfFilters ? value(map, "masked") : List.of();
    if (value(map, "backup") instanceof String backupName
        && value(map, "source-database-id") instanceof String databaseId
        && (hash == null || hash instanceof String)
        && value(map, "excluded") instanceof List<?> excluded
        && value(map, "rewritten") instanceof List<?> rewritten
        && includedKeys instanceof List<?> included
        && maskedKeys instanceof List<?> masked
        && map.valAt(BASELINE_KEY) instanceof Long == hasBaseline) {
      return Optional.of(
          new TargetClaim(
              backupName,
              new SourceIdentity(databaseId, (String) hash),
              idents(excluded),
              idents(included),
              idents(rewritten),
              masks(masked),
              ids(value(map, "filtered-attributes")),
              ids(value(map, "included-attributes")),
              hasBaseline ? OptionalLong.of((Long) map.valAt(BASELINE_KEY)) : OptionalLong.empty(),
              map.containsKey(COPY_KEY)));
    }
    return Optional.empty();
  }

  private static @Nullable Object value(IPersistentMap map, String key) {
    return map.valAt(Keyword.intern(key));
  }

  /** The masked idents with their masks, as in {@code :person/email=hash}. */
  SortedSet<String> maskedIdents() {
    SortedSet<String> idents = new TreeSet<>();
    masked.forEach((ident, mask) -> idents.add(ident + "=" + mask));
    return idents;
  }

  boolean isFiltered() {
    return !excluded.isEmpty() || !included.isEmpty() || !rewritten.isEmpty() || !masked.isEmpty();
  }

  void requireOf(ReadableLog source, ReadableLog target) {
    String what = "Failed to compare " + target.description() + ": it was restored from ";
    Optional<String> name = source.backupName();
    if (name.isPresent() && !name.get().equals(backupName)) {
      throw new TargetNotRestorableException(
          what
              + (backupName.isEmpty() ? "a live database" : "backup " + backupName)
              + ", not "
              + name.get(),
          "name the backup that it was restored from");
    }
    Optional<SourceIdentity> identity = source.identity();
    if (identity.isPresent() && !identity.get().isCompatibleWith(this.source)) {
      throw new TargetNotRestorableException(
          what + "source " + this.source + ", not " + identity.get(),
          "compare it with the source, or with the store, that it was restored from");
    }
  }

  private static SortedMap<String, Mask> masks(List<?> elements) {
    SortedMap<String, Mask> masks = new TreeMap<>();
    for (Object element : elements) {
      String text = String.valueOf(element);
      int end = text.lastIndexOf('=');
      try {
        masks.put(
            Edn.keyword(text.substring(0, Math.max(end, 0))).toString(),
            Mask.parse(text.substring(end + 1)));
      } catch (IllegalArgumentException unknown) {
        throw new InvalidConfigurationException(
            "The target's claim names a mask that is not known", "", unknown);
      }
    }
    return masks;
  }

  private static SortedSet<Long> ids(@Nullable Object runs) {
    return runs instanceof List<?> list ? IdRanges.read(list) : new TreeSet<>();
  }

  private static SortedSet<String> idents(List<?> elements) {
    SortedSet<String> idents = new TreeSet<>();
    elements.forEach(element -> idents.add(Edn.keyword(String.valueOf(element)).toString()));
    return idents;
  }
}
