package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one place where an {@link IOException} becomes one of this library's failures. */
record FilesystemFailures(Path root) {
  private static final String SHARE =
      "See that the share is mounted and its server is reached, and run it again: it resumes.";
  private static final String DISK =
      "Check the disk and its mount (the kernel's log shows more), and run it again: it resumes.";
  private static final String ROOM = "Make room, or raise the quota, and run it again: it resumes.";
  private static final String FILES =
      "Raise this process's limit on open files (ulimit -n), and run it again: it resumes.";
  private static final String PATH =
      "Look at the elements of the path: a file, a link or a name there is not as expected.";
  private static final String KEY =
      "Renew the key or the ticket that the file system asks for, and run it again: it resumes.";

  /** The messages of Linux in English for what does not pass by itself, each with its hint. */
  private static final Map<String, String> LASTING =
      Map.ofEntries(
          Map.entry("No space left on device", ROOM),
          Map.entry("Disk quota exceeded", ROOM),
          Map.entry(
              "Read-only file system",
              "Mount it so that this process may write, and run it again."),
          Map.entry(
              "File too large",
              "Raise the limit on a file's size (ulimit -f), or use a file system that takes"
                  + " files of up to 1 GiB."),
          Map.entry("File name too long", "Put the store into a directory with a shorter path."),
          Map.entry("Too many levels of symbolic links", PATH),
          Map.entry("Not a directory", PATH),
          Map.entry("Is a directory", PATH),
          Map.entry("Directory not empty", PATH),
          Map.entry("Key has expired", KEY),
          Map.entry("Required key not available", KEY),
          Map.entry(
              "Operation not supported",
              "Use another file system: docs/operate.adoc shows what each gives."));

  /** The same for what passes; any other message, also in another language, counts as passing. */
  private static final Map<String, String> PASSING =
      Map.ofEntries(
          Map.entry("Too many open files", FILES),
          Map.entry("Too many open files in system", FILES),
          Map.entry("Stale file handle", SHARE),
          Map.entry("Transport endpoint is not connected", SHARE),
          Map.entry("Host is down", SHARE),
          Map.entry("No route to host", SHARE),
          Map.entry("Connection timed out", SHARE),
          Map.entry("Remote I/O error", SHARE),
          Map.entry("Network is unreachable", SHARE),
          Map.entry("Software caused connection abort", SHARE));

  /** The failure of an operation, as in {@code create orders/claim}. */
  BackupException classify(String what, IOException cause) {
    String message = "Failed to " + what + " in file:" + root + ": ";
    if (cause instanceof AccessDeniedException || reason(cause).equals("Operation not permitted")) {
      return new StoreAccessDeniedException(
          message + "access denied to " + cause.getMessage() + ".",
          "Let this process's user read and write the directory and all in it.",
          cause);
    }
    if (cause instanceof ClosedByInterruptException) {
      return new StoreException(
          message + "the thread was interrupted.", "Run it again: it resumes.", cause);
    }
    String failed = message + cause + ".";
    String lasting = lastingHint(cause);
    return lasting == null
        ? new StoreException(failed, passingHint(cause), cause)
        : StoreException.lasting(failed, lasting, cause);
  }

  private static @Nullable String lastingHint(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return null;
    }
    return cause instanceof FileSystemLoopException
            || cause instanceof NotDirectoryException
            || cause instanceof DirectoryNotEmptyException
        ? PATH
        : LASTING.get(reason(cause));
  }

  private static String passingHint(IOException cause) {
    return cause instanceof NoSuchFileException // it was there a moment ago
        ? SHARE
        : PASSING.getOrDefault(reason(cause), DISK);
  }

  private static String reason(IOException cause) {
    String reason = cause instanceof FileSystemException known ? known.getReason() : null;
    return String.valueOf(reason == null ? cause.getMessage() : reason);
  }

  /**
   * Refuses a path that cannot be a store. A root that does not exist is an empty store, and the
   * first write creates it. The directory above it must exist: a mistyped path is not taken for an
   * empty store.
   *
   * @throws InvalidConfigurationException when the root is a file, or the directory above is
   *     missing
   */
  void requireUsableRoot() {
    if (Files.isDirectory(root)) {
      return;
    }
    // Asks again: another writer may have made the directory just now.
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
