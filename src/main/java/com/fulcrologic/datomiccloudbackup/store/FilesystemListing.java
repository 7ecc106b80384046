package com.fulcrologic.datomiccloudbackup.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks a directory in ascending order of key. The names of one directory are in memory for each
 * level. The walk enters only directories that can hold a wanted key. Mutable; for one thread;
 * keeps nothing open.
 */
final class FilesystemListing implements Iterator<StoredObject> {
  private final Path root;
  private final Disk disk;
  private final String prefix;
  private final String startAfter;
  private final FilesystemFailures failures;
  private final Deque<Directory> entered = new ArrayDeque<>();
  private boolean begun;
  private @Nullable StoredObject next;

  FilesystemListing(
      Path root, Disk disk, String prefix, String startAfter, FilesystemFailures failures) {
    this.root = root;
    this.disk = disk;
    this.prefix = prefix;
    this.startAfter = startAfter;
    this.failures = failures;
  }

  /**
   * A directory on the way down.
   *
   * @param keyPrefix the beginning of the keys in it
   * @param names the names still to come; a name known to be a directory's ends with a slash
   */
  private record Directory(Path path, String keyPrefix, Iterator<String> names) {}

  @Override
  public boolean hasNext() {
    try {
      if (!begun) {
        begun = true;
        enter(root, "");
      }
      while (next == null && !entered.isEmpty()) {
        step(entered.getLast());
      }
      return next != null;
    } catch (IOException e) {
      throw failures.classify(("list " + prefix).strip(), e);
    }
  }

  @Override
  public StoredObject next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    StoredObject object = next;
    next = null;
    return object;
  }

  private void step(Directory directory) throws IOException {
    if (!directory.names().hasNext()) {
      entered.removeLast();
      return;
    }
    String marked = directory.names().next();
    String name = marked.endsWith("/") ? marked.substring(0, marked.length() - 1) : marked;
    String key = directory.keyPrefix() + name;
    if (!Keys.isKey(key)) {
      // A foreign object: this process's encoding may be unable to open it by its name.
      offer(key, 0);
      return;
    }
    Path path = directory.path().resolve(name);
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        enter(path, key + "/");
      } else {
        offer(key, attributes.size());
      }
    } catch (NoSuchFileException e) {
      // The file was moved away meanwhile, or is a link to nothing: there is nothing to read.
    }
  }

  private void offer(String key, long size) {
    if (isWanted(key)) {
      next = new StoredObject(key, size);
    }
  }

  private void enter(Path path, String keyPrefix) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> paths = disk.names(path)) {
      for (Path child : paths) {
        String name = String.valueOf(child.getFileName());
        if (mayHoldWanted(keyPrefix + name) && !isTmp(keyPrefix, name)) {
          names.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw failures.classify(("list " + prefix).strip(), Objects.requireNonNull(e.getCause()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return; // nothing was published here yet, or it is being replaced
    }
    sortAsKeys(path, names);
    entered.addLast(new Directory(path, keyPrefix, names.iterator()));
  }

  private static boolean isTmp(String keyPrefix, String name) {
    return (keyPrefix.isEmpty() && name.equals(FilesystemPublisher.TMP))
        || name.startsWith(FilesystemPublisher.BESIDE_PREFIX);
  }

  private boolean isWanted(String key) {
    return key.startsWith(prefix) && isAfterStart(key);
  }

  private boolean isAfterStart(String key) {
    return BackupStore.keyOrder().compare(key, startAfter) > 0;
  }

  /** Whether a file or a directory of this key can be, or hold, a wanted object. */
  private boolean mayHoldWanted(String key) {
    String inside = key + "/";
    return isWanted(key)
        || ((inside.startsWith(prefix) || prefix.startsWith(inside))
            && (isAfterStart(inside) || startAfter.startsWith(inside)));
  }

  /**
   * Sorts names in the order of the keys below them: the directory {@code a} comes after the file
   * {@code a-b}, since the slash comes after the hyphen. Asks the file system only if the order
   * depends on it.
   */
  private static void sortAsKeys(Path directory, List<String> names) {
    names.sort(BackupStore.keyOrder());
    boolean marked = false;
    for (int i = 0; i + 1 < names.size(); i++) {
      String name = names.get(i);
      String following = names.get(i + 1);
      if (following.startsWith(name)
          && following.charAt(name.length()) < '/'
          && Keys.isKey(name)
          && Files.isDirectory(directory.resolve(name))) {
        names.set(i, name + "/");
        marked = true;
      }
    }
    if (marked) {
      names.sort(BackupStore.keyOrder());
    }
  }
}
