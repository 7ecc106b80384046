package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store in a directory: an object is a file, its key the path. For local and network file systems
 * of POSIX kind. Immutable, thread-safe; several processes may share the directory.
 *
 * <p>A write creates a file of random name in {@code .tmp}, forces it to the disk, then links it to
 * its name. The link is atomic, and fails if the name exists. Then the store forces the directories
 * that name the file. If the file system has no hard links (FAT, some network and container
 * mounts), the file is created under its name at once. Such a write still never overwrites, but a
 * reader may find the file half written. After a crash the file stays half written, which the
 * segment's own hash detects.
 *
 * <p>A directory that does not exist is an empty store. The first write creates it, if the
 * directory above it exists. If that is missing, or the path is a file, each call throws {@link
 * InvalidConfigurationException}. A thread interrupted in a call gets a {@link StoreException}, and
 * stays interrupted.
 *
 * <p>A listing reads the names of one directory at a time into memory, and asks for an object's
 * size as it is consumed. A listing follows symbolic links. A file or directory whose path is no
 * key is listed with size 0, and neither opened nor entered.
 */
public final class FilesystemBackupStore implements BackupStore {
  private final Path root;
  private final Disk disk;
  private final FilesystemFailures failures;
  private final FilesystemPublisher publisher;

  private FilesystemBackupStore(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
    this.failures = new FilesystemFailures(root);
    this.publisher = new FilesystemPublisher(root, disk);
  }

  /** The store in this directory, which need not exist yet; nothing is read or written. */
  public static FilesystemBackupStore at(Path root) {
    return at(root, Disk.REAL);
  }

  static FilesystemBackupStore at(Path root, Disk disk) {
    return new FilesystemBackupStore(root.toAbsolutePath(), disk);
  }

  /**
   * {@inheritDoc}
   *
   * @throws StoreAccessDeniedException when a file or directory refuses this process
   * @throws StoreException when the disk is full, or for any other fault; no temporary file stays
   */
  @Override
  public boolean create(String key, byte[] content) {
    Path path = path(key);
    failures.requireUsableRoot();
    try {
      return publisher.publish(path, content);
    } catch (IOException e) {
      throw failures.classify("create " + key, e);
    }
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    Path path = path(key);
    if (sizeMax < 0) {
      throw new IllegalArgumentException("sizeMax must not be negative");
    }
    try (SeekableByteChannel channel = disk.open(path)) {
      return Optional.of(firstBytes(channel, sizeMax));
    } catch (NoSuchFileException e) {
      failures.requireUsableRoot();
      return Optional.empty();
    } catch (IOException e) {
      failures.requireUsableRoot();
      if (Files.isDirectory(path) || isBelowFile(path)) {
        return Optional.empty();
      }
      throw failures.classify("read " + key, e);
    }
  }

  private static byte[] firstBytes(SeekableByteChannel channel, int sizeMax) throws IOException {
    byte[] bytes = new byte[(int) Math.min(channel.size(), sizeMax)];
    int size = 0;
    while (size < bytes.length) {
      // Reads in slices: the JDK keeps a direct buffer of the largest slice for each thread.
      int slice = Math.min(FilesystemPublisher.SLICE_SIZE, bytes.length - size);
      int count = channel.read(ByteBuffer.wrap(bytes, size, slice));
      if (count < 0) {
        throw new EOFException("the file ended after " + size + " of " + bytes.length + " bytes");
      }
      size += count;
    }
    return bytes;
  }

  private boolean isBelowFile(Path path) {
    for (Path above = path.getParent();
        above != null && !above.equals(root);
        above = above.getParent()) {
      if (Files.isRegularFile(above)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    BackupStore.requirePrefix(prefix);
    failures.requireUsableRoot();
    return Streams.of(new FilesystemListing(root, disk, prefix, startAfter, failures));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Makes some files of a few bytes in the directory, and removes them. If the directory does
   * not exist yet, the directory above it is used.
   */
  @Override
  public List<String> tryOut() {
    failures.requireUsableRoot();
    List<String> found = new ArrayList<>(BackupStore.super.tryOut());
    boolean isThere = Files.isDirectory(root);
    Path parent = root.getParent();
    if (!isThere) {
      found.add("there is no such directory yet: the first backup makes it");
    }
    try {
      new FilesystemTrial(isThere || parent == null ? root : parent, disk, publisher).run(found);
    } catch (IOException e) {
      throw failures.classify("try to write", e);
    }
    return found;
  }

  @Override
  public String location() {
    return "file:" + root;
  }

  /** A key holds no dot and starts with no slash, so this is always below the root. */
  private Path path(String key) {
    BackupStore.requireKey(key);
    try {
      return root.resolve(key);
    } catch (InvalidPathException unmappable) {
      throw new InvalidConfigurationException(
          "This process's locale cannot express the name of a file in file:" + root,
          "Set LC_ALL=C.UTF-8, or another locale with UTF-8, for this process.",
          unmappable);
    }
  }
}
