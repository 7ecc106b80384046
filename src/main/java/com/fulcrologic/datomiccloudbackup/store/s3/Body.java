package com.fulcrologic.datomiccloudbackup.store.s3;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/**
 * Reads the body of an answer completely, or throws. The client's socket timeout ends a body that
 * stops. This class ends a body that is too slow: after the first minute, it must have brought 16
 * KiB for each second.
 */
final class Body {
  private static final int SLICE_SIZE = 1 << 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long SECONDS_FREE = 60;
  private static final long BYTES_PER_SECOND_MIN = 16 * 1024;

  private Body() {}

  /** The size of the whole object, according to the answer. */
  interface Size {
    long bytes() throws IOException;
  }

  /**
   * @param sizeMax the wanted bytes at most
   * @param abort ends the connection, which cannot be used again when some of the body is left
   * @throws IOException when the body is shorter
   */
  static byte[] read(InputStream stream, Size size, int sizeMax, Runnable abort)
      throws IOException {
    boolean isRead = false;
    try {
      byte[] bytes = read(stream, size.bytes(), sizeMax, System::nanoTime);
      // Reads to the end of the stream: only then is the connection free for the next request.
      isRead = stream.read() < 0;
      return bytes;
    } finally {
      if (!isRead) {
        abort.run();
      }
    }
  }

  static byte[] read(InputStream stream, long size, int sizeMax, LongSupplier nanoTime)
      throws IOException {
    int wanted = (int) Math.min(size, sizeMax);
    // Grows with the received bytes: no allocation depends on a size that a server states.
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(wanted, SLICE_SIZE));
    byte[] slice = new byte[Math.min(wanted, SLICE_SIZE)];
    long start = nanoTime.getAsLong();
    while (bytes.size() < wanted) {
      int count = stream.read(slice, 0, Math.min(slice.length, wanted - bytes.size()));
      if (count < 0) {
        throw new EOFException("the body ended after " + bytes.size() + " of " + wanted);
      }
      bytes.write(slice, 0, count);
      requirePace(bytes.size(), (nanoTime.getAsLong() - start) / NANOS_PER_SECOND);
    }
    return bytes.toByteArray();
  }

  private static void requirePace(long size, long seconds) throws IOException {
    if (seconds > SECONDS_FREE && size < (seconds - SECONDS_FREE) * BYTES_PER_SECOND_MIN) {
      throw new SocketTimeoutException("the body brought " + size + " bytes in " + seconds + " s");
    }
  }
}
