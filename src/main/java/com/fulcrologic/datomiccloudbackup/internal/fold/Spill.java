package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory for what does not fit in memory. Nothing of it is left when it is closed. */
public final class Spill implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spill.class);
  private static final String PREFIX = "datomic-cloud-backup-spill-";

  private final Path directory;
  private int fileCount;
  private boolean isClosed;

  private Spill(Path directory) {
    this.directory = directory;
  }

  /** Makes a new directory in an existing one. */
  public static Spill in(Path parent) {
    try {
      return new Spill(Files.createTempDirectory(parent, PREFIX));
    } catch (IOException refused) {
      throw failure(parent, refused);
    }
  }

  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does work with its files.
   *
   * @throws StoreException when a file cannot be written or read, as when the disk is full
   */
  <T> T doing(Work<T> work) {
    try {
      return work.run();
    } catch (IOException broken) {
      throw failure(broken);
    }
  }

  StoreException failure(IOException cause) {
    return failure(directory, cause);
  }

  Path newFile() {
    return directory.resolve(Integer.toString(fileCount++));
  }

  void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException refused) {
      throw failure(refused);
    }
  }

  /** Removes the directory; to close again does nothing. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException left) {
      LOG.warn("failed to remove the spill directory={} reason={}", directory, left.toString());
    }
  }

  private static StoreException failure(Path directory, IOException cause) {
    return new StoreException(
        "Failed to sort datoms in " + directory + ": " + cause.getClass().getSimpleName(),
        "make room there, or name another directory for the spill: it needs about "
            + "20 times the stored size of the backup",
        cause);
  }
}
