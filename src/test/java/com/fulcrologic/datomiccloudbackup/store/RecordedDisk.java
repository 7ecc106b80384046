package com.fulcrologic.datomiccloudbackup.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real disk that notes, at each step of a writer, what has changed since the one before, and what
 * was forced: enough to tell what a power failure could leave behind. Mutable, one thread.
 */
@SuppressWarnings("ArrayRecordComponent") // steps are told apart by what they are, not compared
final class RecordedDisk implements Disk {
  /** Something that happened to the directory. */
  sealed interface Step {}

  /** A directory was made in another one. */
  record Made(Path directory) implements Step {}

  /** A file got a name; the content is the file's, under whatever names. */
  record Named(Path name, byte[] content) implements Step {}

  /** A name is gone. */
  record Removed(Path name) implements Step {}

  /** A file's content, or a directory's names, are on the disk. */
  record Forced(Path path) implements Step {}

  /** A writer was told that its object is durable. */
  record Returned(String key, byte[] content) implements Step {}

  private final Path above;
  private final List<Step> steps = new ArrayList<>();
  private Map<Path, byte[]> files = new HashMap<>();
  private List<Path> directories = new ArrayList<>();

  RecordedDisk(Path above) {
    this.above = above;
  }

  List<Step> steps() {
    return Collections.unmodifiableList(steps);
  }

  @Override
  public void link(Path link, Path existing) throws IOException {
    observe();
    Disk.super.link(link, existing);
    observe();
  }

  @Override
  public void force(Path path, FileChannel channel) throws IOException {
    observe();
    Disk.super.force(path, channel);
    steps.add(new Forced(above.relativize(path)));
  }

  void returned(String key, byte[] content) throws IOException {
    observe();
    steps.add(new Returned(key, content));
  }

  /** Notes what is new, and what is gone, as nobody else writes meanwhile. */
  private void observe() throws IOException {
    Map<Path, byte[]> filesNow = new HashMap<>();
    List<Path> directoriesNow = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(above)) {
      for (Path path : paths.toList()) {
        if (Files.isDirectory(path)) {
          directoriesNow.add(above.relativize(path));
        } else {
          filesNow.put(above.relativize(path), Files.readAllBytes(path));
        }
      }
    }
    directoriesNow.stream()
        .filter(path -> !directories.contains(path) && !path.toString().isEmpty())
        .forEach(path -> steps.add(new Made(path)));
    for (Map.Entry<Path, byte[]> file : filesNow.entrySet()) {
      if (!files.containsKey(file.getKey())) {
        steps.add(new Named(file.getKey(), file.getValue()));
      }
    }
    for (Path name : files.keySet()) {
      if (!filesNow.containsKey(name)) {
        steps.add(new Removed(name));
      }
    }
    files = filesNow;
    directories = directoriesNow;
  }
}
