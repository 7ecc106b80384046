package com.fulcrologic.datomiccloudbackup.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a store asks of a disk: the steps that make a file durable and public, and those that read.
 * Tests watch them, and let them fail.
 */
interface Disk {
  /** What the operating system does. */
  Disk REAL = new Disk() {};

  /** Gives a file a second name, atomically, unless there is a file of that name. */
  default void link(Path link, Path existing) throws IOException {
    Files.createLink(link, existing);
  }

  /** Returns when all that was written to this file or directory is on the disk. */
  default void force(Path path, FileChannel channel) throws IOException {
    channel.force(true);
  }

  /** Opens a file to be read. */
  default SeekableByteChannel open(Path path) throws IOException {
    return Files.newByteChannel(path);
  }

  /** What is in a directory, in any order. */
  @SuppressWarnings("StreamResourceLeak") // whoever asks closes it
  default DirectoryStream<Path> names(Path directory) throws IOException {
    return Files.newDirectoryStream(directory);
  }
}
