package com.fulcrologic.datomiccloudbackup.check;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.nio.file.Path;
import java.util.Optional;

/** How to check a store. Immutable; start from {@link #DEFAULTS}. */
public final class CheckOptions {

  /** The bytes of all segments (level hash), 4 segments at once. */
  public static final CheckOptions DEFAULTS =
      new CheckOptions(
          CheckLevel.HASH,
          Optional.empty(),
          4,
          Path.of(System.getProperty("java.io.tmpdir")),
          Progress.IGNORED);

  private final CheckLevel level;
  private final Optional<TxRange> range;
  private final int parallelism;
  private final Path spillDirectory;
  private final Progress.Listener listener;

  private CheckOptions(
      CheckLevel level,
      Optional<TxRange> range,
      int parallelism,
      Path spillDirectory,
      Progress.Listener listener) {
    if (parallelism < 1 || parallelism > 64) {
      throw new IllegalArgumentException("parallelism must be from 1 to 64");
    }
    this.level = level;
    this.range = range;
    this.parallelism = parallelism;
    this.spillDirectory = spillDirectory;
    this.listener = listener;
  }

  /** The depth of the check. */
  public CheckLevel level() {
    return level;
  }

  /** The range to check: every segment that has a t in it; empty for all. */
  public Optional<TxRange> range() {
    return range;
  }

  /** Segments read at once; 1 to 64. */
  public int parallelism() {
    return parallelism;
  }

  /** The directory for what does not fit in memory while a baseline is compared. */
  public Path spillDirectory() {
    return spillDirectory;
  }

  /** Called after each segment. */
  public Progress.Listener listener() {
    return listener;
  }

  public CheckOptions withLevel(CheckLevel newLevel) {
    return new CheckOptions(newLevel, range, parallelism, spillDirectory, listener);
  }

  /** Checks a part, as after an earlier check that was cut short. */
  public CheckOptions within(TxRange part) {
    return new CheckOptions(level, Optional.of(part), parallelism, spillDirectory, listener);
  }

  public CheckOptions withParallelism(int segmentsAtOnce) {
    return new CheckOptions(level, range, segmentsAtOnce, spillDirectory, listener);
  }

  /**
   * Uses another directory than the system's for temporary files: at level decode, a check of a
   * baseline takes about 20 times the stored size of the backup.
   *
   * @param directory must exist
   */
  public CheckOptions withSpillDirectory(Path directory) {
    return new CheckOptions(level, range, parallelism, directory, listener);
  }

  public CheckOptions withListener(Progress.Listener newListener) {
    return new CheckOptions(level, range, parallelism, spillDirectory, newListener);
  }
}
