package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.StoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The one place where an {@link IOException} becomes one of this library's failures. */
final class FilesystemFailures {
  private static final Set<String> LASTING =
      Set.of("No space left on device", "Disk quota exceeded", "Read-only file system");

  private final Path root;

  FilesystemFailures(Path root) {
    this.root = root;
  }

  /**
   * @param what what failed, as in {@code create orders/claim}
   */
  BackupException classify(String what, IOException cause) {
    String message = "Failed to " + what + " in file:" + root + ": ";
    if (cause instanceof AccessDeniedException) {
      return new StoreAccessDeniedException(
          message + "access denied to " + cause.getMessage() + ".",
          "Let this process's user read and write the directory and all in it.",
          cause);
    }
    if (cause instanceof ClosedByInterruptException) {
      return new StoreException(
          message + "the thread was interrupted.", "Run it again: it goes on.", cause);
    }
    if (isLasting(cause)) {
      return StoreException.lasting(
          message + cause + ".",
          "Make room, or mount it so that this process may write, and run it again: it goes on.",
          cause);
    }
    return new StoreException(
        message + cause + ".",
        "Check the disk, its free space and its mount, and run again.",
        cause);
  }

  /** As Linux says it in English; in another language it is taken for what may pass. */
  private static boolean isLasting(IOException cause) {
    String reason = cause instanceof FileSystemException known ? known.getReason() : null;
    return LASTING.contains(String.valueOf(reason == null ? cause.getMessage() : reason));
  }

  /**
   * A root that is not there is an empty store, and made by its first write, as long as the
   * directory above it is there: a mistyped path is not taken for an empty store.
   *
   * @throws InvalidConfigurationException when the root is a file, or the directory above is
   *     missing
   */
  void requireUsableRoot() {
    if (Files.isDirectory(root)) {
      return;
    }
    // Asked anew: another writer may have made the directory just now.
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new InvalidConfigurationException(
          "The store file:" + root + " is a file, not a directory.", "Name a directory.");
    }
    Path parent = root.getParent();
    if (parent != null && Files.notExists(parent)) {
      throw new InvalidConfigurationException(
          "The store file:" + root + " cannot be: there is no directory " + parent + ".",
          "Check the path, or make that directory first: only the last one is made by a backup.");
    }
  }
}
