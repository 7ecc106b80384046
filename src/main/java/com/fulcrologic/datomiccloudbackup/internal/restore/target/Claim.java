package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The source and the filters of a restore, as recorded in the target itself: EDN in the {@code
 * :db/doc} of its last bootstrap transaction. Immutable.
 *
 * @param backupName the backup's name
 * @param source the identity of the backup's source
 * @param excluded idents of excluded attributes
 * @param rewritten idents of rewritten attributes; the functions themselves cannot be recorded
 * @param filteredIds the source's attributes that these idents meant when the target was claimed
 * @param baselineT the t whose state the target begins with; {@link #ANY_BASELINE} where any will
 *     do; empty for a target with all of the history
 */
public record Claim(
    String backupName,
    SourceIdentity source,
    SortedSet<String> excluded,
    SortedSet<String> rewritten,
    SortedSet<Long> filteredIds,
    OptionalLong baselineT) {

  /** Wanted is a baseline, whichever the target has. */
  public static final long ANY_BASELINE = Long.MAX_VALUE;

  /** The format of a target with all history, which includes how transactions are split. */
  static final long FORMAT = 1;

  /** The format of a target that begins with a baseline, which includes how that is cut. */
  static final long FORMAT_OF_BASELINE = 2;

  /** Datomic Local refuses longer strings. */
  private static final int TEXT_LENGTH_MAX = 4096;

  private static final Keyword FORMAT_KEY = key("format");
  private static final Keyword BACKUP_KEY = key("backup");
  private static final Keyword DATABASE_ID_KEY = key("source-database-id");
  private static final Keyword FIRST_HASH_KEY = key("source-first-transaction");
  private static final Keyword EXCLUDED_KEY = key("excluded");
  private static final Keyword REWRITTEN_KEY = key("rewritten");
  private static final Keyword FILTERED_IDS_KEY = key("filtered-attributes");
  private static final Keyword BASELINE_KEY = key("baseline");

  /**
   * The claim of a restore with these options.
   *
   * @param filteredIds the source's attributes that the options' filters concern
   * @param baselineT as the record has it
   */
  public static Claim of(
      String backupName,
      SourceIdentity source,
      RestoreOptions options,
      SortedSet<Long> filteredIds,
      OptionalLong baselineT) {
    return new Claim(
        backupName,
        source,
        normalized(options.excludedAttributes()),
        normalized(options.rewrites().keySet()),
        filteredIds,
        baselineT);
  }

  /** The same with this baseline. */
  public Claim withBaseline(long t) {
    return new Claim(backupName, source, excluded, rewritten, filteredIds, OptionalLong.of(t));
  }

  /**
   * The claim as text.
   *
   * @throws InvalidConfigurationException when it is too long for Datomic
   */
  String text() {
    IPersistentMap map =
        new PersistentArrayMap(
            new Object[] {
              FORMAT_KEY, baselineT.isPresent() ? FORMAT_OF_BASELINE : FORMAT,
              BACKUP_KEY, backupName,
              DATABASE_ID_KEY, source.databaseId(),
              FIRST_HASH_KEY, source.firstTransactionHash(),
              EXCLUDED_KEY, PersistentVector.create(List.copyOf(excluded)),
              REWRITTEN_KEY, PersistentVector.create(List.copyOf(rewritten)),
              FILTERED_IDS_KEY, PersistentVector.create(List.copyOf(filteredIds))
            });
    String text =
        Edn.write(baselineT.isPresent() ? map.assoc(BASELINE_KEY, baselineT.getAsLong()) : map);
    if (text.length() > TEXT_LENGTH_MAX) {
      throw new InvalidConfigurationException(
          "Failed to record the filters in the target: they take "
              + text.length()
              + " characters, and "
              + TEXT_LENGTH_MAX
              + " are possible",
          "filter fewer attributes");
    }
    return text;
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws TargetNotRestorableException when the text is no claim
   */
  static Claim parse(String text) {
    try {
      IPersistentMap map = (IPersistentMap) Edn.read(text);
      boolean hasBaseline = Objects.equals(map.valAt(FORMAT_KEY), FORMAT_OF_BASELINE);
      if (!hasBaseline && !Objects.equals(map.valAt(FORMAT_KEY), FORMAT)) {
        throw new TargetNotRestorableException(
            "Failed to continue the restore: the target was begun in another format",
            "use the version of this library that began it, or restore into a new database");
      }
      return new Claim(
          (String) map.valAt(BACKUP_KEY),
          new SourceIdentity(
              (String) map.valAt(DATABASE_ID_KEY), (String) map.valAt(FIRST_HASH_KEY)),
          strings(map.valAt(EXCLUDED_KEY)),
          strings(map.valAt(REWRITTEN_KEY)),
          longs(map.valAt(FILTERED_IDS_KEY)),
          hasBaseline ? OptionalLong.of((Long) map.valAt(BASELINE_KEY)) : OptionalLong.empty());
    } catch (ClassCastException | NullPointerException | InvalidConfigurationException malformed) {
      throw new TargetNotRestorableException(
          "Failed to continue the restore: the target's claim is not readable",
          "restore into a new database",
          malformed);
    }
  }

  /**
   * Checks that a restore may continue what this claim began.
   *
   * @throws TargetNotRestorableException when it is another backup, source or set of filters
   */
  public void requireSame(Claim wanted) {
    requireBackup(wanted.backupName);
    if (!source.isCompatibleWith(wanted.source)) {
      throw refusal(
          "it was begun from source " + source + ", and the backup's source is " + wanted.source,
          "use the store that it was begun from, or restore into a new database");
    }
    requireBaseline(wanted);
    if (!excluded.equals(wanted.excluded) || !rewritten.equals(wanted.rewritten)) {
      throw refusal(
          "it was begun "
              + words(excluded, rewritten)
              + ", and this restore would continue "
              + words(wanted.excluded, wanted.rewritten),
          "use the same filters, or restore into a new database");
    }
  }

  private void requireBaseline(Claim wanted) {
    boolean isAny =
        baselineT.isPresent()
            && wanted.baselineT.isPresent()
            && wanted.baselineT.getAsLong() == ANY_BASELINE;
    if (!isAny && !baselineT.equals(wanted.baselineT)) {
      throw refusal(
          baselineT.isPresent()
              ? "it was begun with the baseline of t " + baselineT.getAsLong()
              : "it was begun with the first transaction, not with a baseline",
          "use the same baseline, or none if it has none; or restore into a new database");
    }
  }

  /** As in {@code excluding :a/b, :a/c and rewriting :a/d}. */
  private static String words(SortedSet<String> excluded, SortedSet<String> rewritten) {
    List<String> parts = new ArrayList<>();
    if (!excluded.isEmpty()) {
      parts.add("excluding " + String.join(", ", excluded));
    }
    if (!rewritten.isEmpty()) {
      parts.add("rewriting " + String.join(", ", rewritten));
    }
    return parts.isEmpty() ? "without filters" : String.join(" and ", parts);
  }

  /** Checks that the target was begun from this backup. */
  void requireBackup(String wantedName) {
    if (!backupName.equals(wantedName)) {
      throw refusal(
          "it was begun from backup " + backupName + ", not " + wantedName,
          "name the backup that it was begun from, or restore into a new database");
    }
  }

  private static BackupException refusal(String what, String hint) {
    return new TargetNotRestorableException("Failed to continue in the target: " + what, hint);
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

  private static SortedSet<Long> longs(Object vector) {
    SortedSet<Long> longs = new TreeSet<>();
    ((List<?>) vector).forEach(element -> longs.add((Long) element));
    return longs;
  }

  private static Keyword key(String name) {
    return Keyword.intern(name);
  }
}
