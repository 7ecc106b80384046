package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** Tests a file system with temporary files, which it removes. For one use. */
final class FilesystemTrial {
  private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofMinutes(1);

  private final Path directory;
  private final Disk disk;
  private final FilesystemPublisher publisher;
  private final String name = FilesystemPublisher.BESIDE_PREFIX + UUID.randomUUID();
  private final Deque<Path> made = new ArrayDeque<>();

  FilesystemTrial(Path directory, Disk disk, FilesystemPublisher publisher) {
    this.directory = directory;
    this.disk = disk;
    this.publisher = publisher;
  }

  /**
   * @param found gets a sentence for each property of the file system
   * @throws IOException when the directory cannot be written to
   * @throws InvalidConfigurationException when a file would be overwritten
   */
  void run(List<String> found) throws IOException {
    try {
      Path inner = directory.resolve(name);
      Files.createDirectory(inner);
      made.push(inner);
      Path file = inner.resolve("file");
      made.push(file);
      publisher.write(file, new byte[] {1});
      found.add("files can be written, and forced to the disk");
      found.add(links(file));
      found.add(
          publisher.isForced(inner)
              ? "directories can be forced to the disk"
              : "directories cannot be forced: a power failure may lose the newest files' names");
      found.add(clock(Files.getLastModifiedTime(file).toInstant()));
    } finally {
      for (Path each : made) {
        Files.deleteIfExists(each);
      }
    }
  }

  private String links(Path file) throws IOException {
    if (isLinked(file, file.resolveSibling("link"))) {
      requireKept(file, file.resolveSibling("link"));
      return isLinked(file, directory.resolve(name + "-link"))
          ? "links can be made: objects appear whole, or not at all"
          : "links can be made, but not across directories: objects appear whole, or not at all";
    }
    return "links cannot be made: a reader may find an object half written, which its hash detects";
  }

  private boolean isLinked(Path file, Path link) {
    try {
      disk.link(link, file);
      made.push(link);
      return true;
    } catch (IOException | UnsupportedOperationException none) {
      return false;
    }
  }

  private void requireKept(Path file, Path present) throws IOException {
    try {
      disk.link(present, file);
    } catch (FileAlreadyExistsException kept) {
      return;
    }
    throw new InvalidConfigurationException(
        "The file system of " + directory + " puts a file over another one.",
        "Use another file system: two writers could lose data.");
  }

  private static String clock(Instant written) {
    Duration difference = Duration.between(Instant.now(), written);
    return difference.abs().compareTo(CLOCK_DIFFERENCE_MAX) <= 0
        ? "its clock agrees with this machine's"
        : "its clock is %s minutes %s this machine's, which does no harm"
            .formatted(
                difference.abs().toMinutes(), difference.isNegative() ? "behind" : "ahead of");
  }
}
