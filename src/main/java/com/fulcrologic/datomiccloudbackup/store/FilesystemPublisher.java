package com.fulcrologic.datomiccloudbackup.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a file appear under its name whole and durable, and only if the name is free. Thread-safe;
 * its state only saves work: it holds the directories known to be durable.
 */
final class FilesystemPublisher {
  /** Bytes handed to the operating system at once. */
  static final int SLICE_SIZE = 1 << 16;

  /** No key has a dot, so no object is here. */
  static final String TMP = ".tmp";

  /** The same for a file in the directory of its object. */
  static final String BESIDE_PREFIX = TMP + "-";

  /** How often a file is written if another writer removes its temporary file. */
  private static final int ATTEMPT_COUNT_MAX = 3;

  /**
   * The age from which a temporary file belongs to a dead writer. A writer that pauses longer
   * during a write fails, and tries again.
   */
  static final Duration LEFTOVER_AGE_MIN = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(FilesystemPublisher.class);

  /** The answers of a file system that cannot force a directory, as CIFS (EINVAL, ENOTSUP). */
  private static final Set<String> NOT_FORCED =
      Set.of("Invalid argument", "Operation not supported", "Not supported");

  private final AtomicBoolean hasToldUnforced = new AtomicBoolean();
  private final Path root;
  private final Path tmpDirectory;
  private final Disk disk;
  private final Set<Path> durableDirectories = ConcurrentHashMap.newKeySet();
  private final Set<Path> cleanedDirectories = ConcurrentHashMap.newKeySet();

  FilesystemPublisher(Path root, Disk disk) {
    this.root = root;
    this.tmpDirectory = root.resolve(TMP);
    this.disk = disk;
  }

  /**
   * Publishes a file; returns whether this call made it. On return, a file that existed before is
   * durable too, since its writer may not have forced it yet.
   */
  boolean publish(Path target, byte[] content) throws IOException {
    Path directory = Objects.requireNonNull(target.getParent());
    makeDurable(directory);
    if (Files.isDirectory(target)) {
      throw new FileSystemException(target.toString(), null, "a directory has this name");
    }
    boolean published = !Files.exists(target) && writeAndLink(target, content);
    force(directory);
    return published;
  }

  private boolean writeAndLink(Path target, byte[] content) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return writeAndLinkOnce(target, content);
      } catch (NoSuchFileException removed) { // by a writer whose clock is far ahead
        if (attempt == ATTEMPT_COUNT_MAX) {
          throw removed;
        }
      }
    }
  }

  private boolean writeAndLinkOnce(Path target, byte[] content) throws IOException {
    makeDirectory(tmpDirectory);
    Path tmp = tmpDirectory.resolve(UUID.randomUUID().toString());
    try {
      write(tmp, content);
      removeLeftovers(tmpDirectory, "*", tmp);
      return link(target, tmp, content);
    } finally {
      removeQuietly(tmp);
    }
  }

  private boolean link(Path target, Path tmp, byte[] content) throws IOException {
    try {
      disk.link(target, tmp);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      return createUnlinked(target, content);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      // File systems without links give different answers: try a link in .tmp.
      return linksAnywhere(tmp) ? linkBeside(target, content) : createUnlinked(target, content);
    }
  }

  /**
   * Links from a file beside the target, if no link can lead from one directory to another. Then
   * the target's directory is a volume of its own or a symbolic link to another disk, or the file
   * system refuses such links (OpenAFS).
   */
  private boolean linkBeside(Path target, byte[] content) throws IOException {
    Path beside = target.resolveSibling(BESIDE_PREFIX + UUID.randomUUID());
    try {
      write(beside, content);
      if (cleanedDirectories.add(Objects.requireNonNull(target.getParent()))) {
        removeLeftovers(target.getParent(), BESIDE_PREFIX + "*", beside);
      }
      disk.link(target, beside);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      removeQuietly(beside);
    }
  }

  private boolean linksAnywhere(Path tmp) {
    Path second = tmp.resolveSibling(tmp.getFileName() + "-link");
    try {
      disk.link(second, tmp);
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      removeQuietly(second);
    }
  }

  /** Not atomic for readers, but never overwrites; a file that a fault cuts short is removed. */
  private boolean createUnlinked(Path target, byte[] content) throws IOException {
    try (FileChannel channel = createNew(target)) {
      boolean whole = false;
      try {
        writeAndForce(target, channel, content);
        whole = true;
      } finally {
        if (!whole) {
          removeQuietly(target);
        }
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Writes a new file to the disk. */
  void write(Path path, byte[] content) throws IOException {
    try (FileChannel channel = createNew(path)) {
      writeAndForce(path, channel, content);
    }
  }

  private static FileChannel createNew(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void writeAndForce(Path path, FileChannel channel, byte[] content) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.position() < content.length) {
      // Writes in slices: the JDK keeps a direct buffer of the largest slice for each thread.
      buffer.limit(Math.min(content.length, buffer.position() + SLICE_SIZE));
      channel.write(buffer);
    }
    disk.force(path, channel);
  }

  /**
   * Makes the directory, the directories above it up to the root, and each one's name durable. One
   * thread at a time: a directory that another thread just made may not be durable yet. An existing
   * directory is forced once, since another process may just have made it.
   */
  private synchronized void makeDurable(Path directory) throws IOException {
    if (durableDirectories.contains(directory) && Files.isDirectory(directory)) {
      return;
    }
    boolean isRoot = directory.equals(root);
    Path above = directory.getParent();
    if (!isRoot && above != null) {
      makeDurable(above);
    }
    boolean made = makeDirectory(directory);
    // The directories above an existing root are not ours, and perhaps not readable.
    if ((made || !isRoot) && above != null) {
      force(above);
    }
    durableDirectories.add(directory);
  }

  /** Whether this call made it. */
  private static boolean makeDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return false;
    }
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(directory)) {
        return false;
      }
      throw e;
    }
  }

  private void force(Path directory) throws IOException {
    if (!isForced(directory) && hasToldUnforced.compareAndSet(false, true)) {
      LOG.warn(
          "this file system forces no directory to the disk: a power failure may lose the names"
              + " of the newest files directory={}",
          directory);
    }
  }

  /** Forces a directory to the disk; false when the file system cannot force any. */
  boolean isForced(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      disk.force(directory, channel);
      return true;
    } catch (IOException refused) {
      if (!(refused instanceof FileSystemException)
          && NOT_FORCED.contains(String.valueOf(refused.getMessage()))) {
        return false;
      }
      throw refused;
    }
  }

  /**
   * Removes old files of dead writers. The age is measured from a file that was just written, by
   * the clock of the file system: the clocks of other machines may differ. A failure is logged, and
   * the next write tries again.
   */
  private static void removeLeftovers(Path directory, String pattern, Path justWritten) {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, pattern)) {
      Instant now = Files.getLastModifiedTime(justWritten).toInstant();
      for (Path leftover : leftovers) {
        if (isOlder(leftover, now.minus(LEFTOVER_AGE_MIN))) {
          removeQuietly(leftover);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("failed to look for leftovers directory={}", directory, e);
    }
  }

  private static boolean isOlder(Path path, Instant instant) throws IOException {
    try {
      return Files.getLastModifiedTime(path).toInstant().isBefore(instant);
    } catch (NoSuchFileException e) {
      return false; // its writer was faster
    }
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("failed to remove a temporary file path={}", path, e);
    }
  }
}
