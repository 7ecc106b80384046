package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A new file for a receipt. A command writes it beside its place and moves it there, so the file is
 * whole or does not exist. No failure here replaces the verdict of the command.
 */
record ReceiptFile(Path file) {
  /** More bytes than a receipt of a usual size needs: 64 KiB. */
  private static final int TRIAL_SIZE = 1 << 16;

  /** Refuses a file that exists, or whose directory does not. */
  static ReceiptFile at(String text) {
    try {
      Path file = Path.of(text).toAbsolutePath();
      Path directory = file.getParent();
      if (!Files.exists(file) && directory != null && Files.isDirectory(directory)) {
        return new ReceiptFile(file);
      }
    } catch (InvalidPathException malformed) {
      throw unusable();
    }
    throw unusable();
  }

  private static InvalidConfigurationException unusable() {
    return Usage.refusal(
        "Failed to keep the receipt: --receipt is not a new file in an existing directory",
        "name a file that does not exist yet; a receipt is never overwritten");
  }

  /** Writes a file of a receipt's size beside the place, and removes it; returns the problem. */
  Optional<Problem> tryToWrite() {
    return written(new byte[TRIAL_SIZE], /* isKept= */ false);
  }

  /** Keeps the receipt; returns the problem of a failure. */
  Optional<Problem> keep(Map<String, Object> json) {
    return written((Json.write(json) + "\n").getBytes(StandardCharsets.UTF_8), /* isKept= */ true);
  }

  private Optional<Problem> written(byte[] content, boolean isKept) {
    Path beside = file.resolveSibling(".dcb-receipt-" + UUID.randomUUID());
    try {
      Files.write(
          beside,
          content,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      if (isKept) {
        Files.move(beside, file);
      }
      return Optional.empty();
    } catch (IOException unwritable) {
      return Optional.of(
          new Problem(
              ExitCode.USAGE,
              "Failed to keep the receipt in " + file + ": " + reason(unwritable),
              "let this user write there, or name another file; the verdict holds without it"));
    } finally {
      removeQuietly(beside);
    }
  }

  private static String reason(IOException unwritable) {
    String reason = unwritable instanceof FileSystemException known ? known.getReason() : null;
    return reason == null ? unwritable.getClass().getSimpleName() : reason;
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException stays) {
      // an empty temporary file stays, since nothing can be written either
    }
  }
}
