package com.fulcrologic.datomiccloudbackup.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The operations that a store needs from a disk: the steps that make a file durable and public, and
 * the steps that read. Tests observe them, and make them fail.
 */
interface Disk {
  /** The operating system's disk. */
  Disk REAL = new Disk() {};

  /** Gives a file a second name, atomically, unless a file of that name exists. */
  default void link(Path link, Path existing) throws IOException {
    Files.createLink(link, existing);
  }

  /** Returns when all data written to this file or directory is on the disk. */
  default void force(Path path, FileChannel channel) throws IOException {
    channel.force(true);
  }

  /** Opens a file to be read. */
  default SeekableByteChannel open(Path path) throws IOException {
    return Files.newByteChannel(path);
  }

  /** The entries of a directory, in any order. */
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  default DirectoryStream<Path> names(Path directory) throws IOException {
    return Files.newDirectoryStream(directory);
  }
}
