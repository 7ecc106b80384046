package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** Reads and writes the file with the keys. No message quotes any of it. */
final class KeysetFile {
  private static final int SIZE_MAX = 1 << 20;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeysetFile() {}

  static String read(Path file) {
    String what = "Failed to read the keys in " + file + ": ";
    try {
      requirePrivate(file, what);
      byte[] bytes;
      try (InputStream content = Files.newInputStream(file)) {
        bytes = content.readNBytes(SIZE_MAX + 1); // a pipe has no size
      }
      if (bytes.length > SIZE_MAX) {
        throw new InvalidConfigurationException(
            what + "it is larger than " + SIZE_MAX + " bytes.", "Give a keyset file.");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IOException unreadable) {
      throw new InvalidConfigurationException(
          what + "there is no such file of text that this user can read.",
          "Check the path of the keyset file, and its owner.");
    }
  }

  private static void requirePrivate(Path file, String what) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> others = EnumSet.copyOf(OWNER_ONLY);
    others.add(PosixFilePermission.OWNER_EXECUTE);
    Set<PosixFilePermission> all = Files.getPosixFilePermissions(file);
    if (!others.containsAll(all)) {
      throw new InvalidConfigurationException(
          what + "others than its owner have access: " + PosixFilePermissions.toString(all) + ".",
          "Take the access away: chmod 600 on that file.");
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static void create(Path file, String content) {
    try {
      write(file, content);
      forceDirectory(file);
    } catch (FileAlreadyExistsException there) {
      throw new InvalidConfigurationException(
          "Failed to write new keys to " + file + ": the file is there already.",
          "Name another file; to add a key to this one, rotate it.");
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Replaces the content. A second file beside it keeps other processes away meanwhile. */
  static SealingKeys replace(Path file, Supplier<SealingKeys> replacing) {
    read(file);
    try {
      Path real = file.toRealPath();
      Path next = real.resolveSibling(real.getFileName() + ".new");
      try {
        write(next, "");
      } catch (FileAlreadyExistsException there) {
        throw new InvalidConfigurationException(
            "Failed to rotate the keys in " + file + ": " + next + " is there.",
            "Another process rotates them, or died at it: if none runs, remove that file.");
      }
      boolean isMoved = false;
      try {
        SealingKeys keys = replacing.get();
        overwrite(next, keys.text());
        if (isPosix(real)) { // who runs this may not be who reads the keys
          Files.setOwner(next, Files.getOwner(real));
        }
        Files.move(next, real, StandardCopyOption.ATOMIC_MOVE);
        isMoved = true;
        forceDirectory(real);
        return keys;
      } finally {
        if (!isMoved) { // else a file of that name is another process's
          Files.deleteIfExists(next);
        }
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static InvalidConfigurationException unwritable(Path file, IOException cause) {
    return new InvalidConfigurationException(
        "Failed to write the keys to " + file + ": the file system refuses it.",
        "Check the directory, who may write to it, and its disk.",
        cause);
  }

  private static void write(Path file, String content) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      write(channel, content);
    } catch (FileAlreadyExistsException there) {
      throw there;
    } catch (IOException unwritten) { // a part of keys is none
      Files.deleteIfExists(file);
      throw unwritten;
    }
  }

  private static void overwrite(Path file, String content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      write(channel, content);
    }
  }

  private static void write(FileChannel channel, String content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  /** Makes the name durable, on systems where a directory can be opened. */
  private static void forceDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && isPosix(file)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
