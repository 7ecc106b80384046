package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.Progress;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How to write a baseline. Immutable; start from {@link #DEFAULTS}. */
public final class BaselineOptions {

  /** The newest stored t, and the system's directory for temporary files. */
  public static final BaselineOptions DEFAULTS =
      new BaselineOptions(
          OptionalLong.empty(), Path.of(System.getProperty("java.io.tmpdir")), Progress.IGNORED);

  private final OptionalLong t;
  private final Path spillDirectory;
  private final Progress.Listener listener;

  private BaselineOptions(OptionalLong t, Path spillDirectory, Progress.Listener listener) {
    this.t = t;
    this.spillDirectory = spillDirectory;
    this.listener = listener;
  }

  /** The t of the baseline; empty for the newest that is stored. */
  public OptionalLong t() {
    return t;
  }

  /** The directory for what does not fit in memory. */
  public Path spillDirectory() {
    return spillDirectory;
  }

  /** Called after each segment that was read. */
  public Progress.Listener listener() {
    return listener;
  }

  public BaselineOptions at(long newT) {
    return new BaselineOptions(OptionalLong.of(newT), spillDirectory, listener);
  }

  /**
   * Uses another directory than the system's for temporary files, about 20 times the stored size of
   * the backup.
   *
   * @param directory must exist
   */
  public BaselineOptions withSpillDirectory(Path directory) {
    return new BaselineOptions(t, directory, listener);
  }

  public BaselineOptions withListener(Progress.Listener newListener) {
    return new BaselineOptions(t, spillDirectory, newListener);
  }
}
