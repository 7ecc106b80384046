package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * The source and the filters of a restore, as recorded in the target itself: EDN in the {@code
 * :db/doc} of its last bootstrap transaction. Immutable.
 *
 * @param filters what is left out, rewritten and masked
 * @param baselineT the t whose state the target begins with; {@link #ANY_BASELINE} where any will
 *     do; empty for a target with all of the history
 * @param isCopy whether the target is a copy of that state, which nothing continues
 */
public record Claim(
    String backupName,
    SourceIdentity source,
    ClaimedFilters filters,
    OptionalLong baselineT,
    boolean isCopy) {

  /** Stands for the backup's name in a copy of a live source. */
  public static final String NO_BACKUP = "";

  /** Wanted is a baseline, whichever the target has. */
  public static final long ANY_BASELINE = Long.MAX_VALUE;

  /** The format of a target with all history, which includes how transactions are split. */
  static final long FORMAT = 1;

  /** The format of a target that begins with a baseline, which includes how that is cut. */
  static final long FORMAT_OF_BASELINE = 2;

  /** The format of a copy, and of a target of either kind with filters that older versions lack. */
  static final long FORMAT_OF_FILTERS = 3;

  private static final String LIVE = "a live database";

  /** Datomic Local refuses longer strings. */
  private static final int TEXT_LENGTH_MAX = 4096;

  private static final Keyword FORMAT_KEY = Keyword.intern("format");
  private static final Keyword BACKUP_KEY = Keyword.intern("backup");
  private static final Keyword DATABASE_ID_KEY = Keyword.intern("source-database-id");
  private static final Keyword FIRST_HASH_KEY = Keyword.intern("source-first-transaction");
  private static final Keyword BASELINE_KEY = Keyword.intern("baseline");
  private static final Keyword COPY_KEY = Keyword.intern("copy");

  public static Claim of(
      String backupName,
      SourceIdentity source,
      RestoreOptions options,
      SortedSet<Long> filteredIds,
      SortedSet<Long> includedIds,
      OptionalLong baselineT,
      boolean isCopy) {
    return new Claim(
        backupName,
        source,
        ClaimedFilters.of(options, filteredIds, includedIds),
        baselineT,
        isCopy);
  }

  public Claim withBaseline(long t) {
    return new Claim(backupName, source, filters, OptionalLong.of(t), isCopy);
  }

  String text() {
    List<@Nullable Object> entries =
        new ArrayList<>(
            Arrays.asList(
                FORMAT_KEY, format(),
                BACKUP_KEY, backupName,
                DATABASE_ID_KEY, source.databaseId(),
                FIRST_HASH_KEY, source.firstTransactionHash()));
    filters.addTo(entries, isOfFormat3());
    baselineT.ifPresent(t -> entries.addAll(List.of(BASELINE_KEY, t)));
    if (isCopy) {
      entries.addAll(List.of(COPY_KEY, true));
    }
    String text = Edn.write(new PersistentArrayMap(entries.toArray())); // in this order
    if (text.length() > TEXT_LENGTH_MAX) {
      throw new InvalidConfigurationException(
          ("Failed to record the filters in the target: they take %s characters, and %s are "
                  + "possible")
              .formatted(text.length(), TEXT_LENGTH_MAX),
          "filter fewer attributes");
    }
    return text;
  }

  private long format() {
    if (isOfFormat3()) {
      return FORMAT_OF_FILTERS;
    }
    return baselineT.isPresent() ? FORMAT_OF_BASELINE : FORMAT;
  }

  private boolean isOfFormat3() {
    return isCopy || filters.areOfFormat3();
  }

  static Claim parse(String text) {
    try {
      IPersistentMap map = (IPersistentMap) Edn.read(text);
      long format = (Long) map.valAt(FORMAT_KEY);
      if (format < FORMAT || format > FORMAT_OF_FILTERS) {
        throw new TargetNotRestorableException(
            "Failed to continue the restore: the target was begun in another format",
            "use the version of this library that began it, or restore into a new database");
      }
      boolean isCopy = map.containsKey(COPY_KEY);
      return new Claim(
          Objects.requireNonNull((String) map.valAt(BACKUP_KEY)),
          new SourceIdentity(
              Objects.requireNonNull((String) map.valAt(DATABASE_ID_KEY)),
              (String) map.valAt(FIRST_HASH_KEY)),
          ClaimedFilters.in(map),
          format == FORMAT_OF_BASELINE || isCopy || map.containsKey(BASELINE_KEY)
              ? OptionalLong.of((Long) map.valAt(BASELINE_KEY))
              : OptionalLong.empty(),
          isCopy);
    } catch (ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | InvalidConfigurationException malformed) {
      throw new TargetNotRestorableException(
          "Failed to continue the restore: the target's claim is not readable",
          "restore into a new database",
          malformed);
    }
  }

  /** Checks that a restore may continue what this claim began. */
  public void requireSame(Claim wanted) {
    if (isCopy && !wanted.isCopy) {
      throw refusal(
          "it is a copy of the state of t " + baselineT.orElse(0) + ", which no restore continues",
          "restore into a new database");
    }
    if (wanted.isCopy && !isCopy) {
      throw refusal(
          "it was begun by a restore, not as a copy",
          "let a restore continue it, or copy into a new database");
    }
    requireBackup(wanted.backupName);
    if (!source.isCompatibleWith(wanted.source)) {
      throw refusal(
          "it was begun from source " + source + ", and the backup's source is " + wanted.source,
          "use the store that it was begun from, or restore into a new database");
    }
    requireBaseline(wanted);
    filters
        .differenceTo(wanted.filters)
        .ifPresent(
            difference -> {
              throw refusal(difference, "use the same filters, or restore into a new database");
            });
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

  void requireBackup(String wantedName) {
    if (!backupName.equals(wantedName)) {
      throw refusal(
          "it was begun from %s, not %s"
              .formatted(
                  backupName.equals(NO_BACKUP) ? LIVE : "backup " + backupName,
                  wantedName.equals(NO_BACKUP) ? LIVE : wantedName),
          "name the backup that it was begun from, or restore into a new database");
    }
  }

  private static BackupException refusal(String what, String hint) {
    return new TargetNotRestorableException("Failed to continue in the target: " + what, hint);
  }
}
