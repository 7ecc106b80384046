package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.store.BackupStoreFaultsContract.Fault;
import com.fulcrologic.datomiccloudbackup.store.BackupStoreFaultsContract.Strikes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A real disk, but for what Linux and the JDK throw, in their words, when it has this fault. */
final class FaultyDisk implements Disk {
  /** Bytes that are read before the fault. */
  private static final int SIZE_BEFORE_CUT = 100_000;

  private final Fault fault;
  private final Strikes strikes;

  FaultyDisk(Fault fault, Strikes strikes) {
    this.fault = fault;
    this.strikes = strikes;
  }

  @Override
  public void link(Path link, Path existing) throws IOException {
    if (fault != Fault.LOST_REPLY) {
      strike(fault.strikes(BackupStoreFaultsContract.Call.WRITE), link);
      Disk.super.link(link, existing);
      return;
    }
    Disk.super.link(link, existing);
    strike(true, link);
  }

  @Override
  public void force(Path path, FileChannel channel) throws IOException {
    try {
      strike(fault.strikes(BackupStoreFaultsContract.Call.WRITE), path);
    } catch (FileSystemException named) {
      // A channel does not know its file's name; who may not, could not open it.
      throw fault == Fault.ACCESS_DENIED ? named : new IOException(named.getReason());
    }
    Disk.super.force(path, channel);
  }

  @Override
  public SeekableByteChannel open(Path path) throws IOException {
    if (fault == Fault.CUT_READ) {
      SeekableByteChannel channel = Disk.super.open(path);
      return strikes.isDue() ? new CutShort(channel) : channel;
    }
    strike(fault.strikes(BackupStoreFaultsContract.Call.READ), path);
    return Disk.super.open(path);
  }

  @Override
  public DirectoryStream<Path> names(Path directory) throws IOException {
    strike(fault.strikes(BackupStoreFaultsContract.Call.LIST), directory);
    return Disk.super.names(directory);
  }

  private void strike(boolean can, Path path) throws IOException {
    if (!can || !strikes.isDue()) {
      return;
    }
    throw switch (fault) {
      case ACCESS_DENIED -> new AccessDeniedException(path.toString());
      case READ_ONLY -> failure(path, "Read-only file system");
      case FULL -> failure(path, "No space left on device");
      default -> failure(path, "Input/output error");
    };
  }

  private static FileSystemException failure(Path path, String reason) {
    return new FileSystemException(path.toString(), null, reason);
  }

  /** A file that somebody cuts off while it is read. */
  private record CutShort(SeekableByteChannel channel) implements SeekableByteChannel {
    @Override
    public int read(ByteBuffer bytes) throws IOException {
      if (channel.position() >= SIZE_BEFORE_CUT) {
        return -1;
      }
      bytes.limit(Math.min(bytes.limit(), bytes.position() + SIZE_BEFORE_CUT));
      return channel.read(bytes);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return channel.write(bytes);
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      channel.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
