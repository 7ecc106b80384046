package com.fulcrologic.datomiccloudbackup.store.s3;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** What goes wrong with the bodies of a server's answers, while they are on their way. */
final class FaultyBodies {
  private FaultyBodies() {}

  /** Each body is sent as this says. */
  static Faults of(UnaryOperator<InputStream> faulty) {
    return new Faults() {
      @Override
      public ResponseInputStream<GetObjectResponse> get(BlobStore real, GetObjectRequest request) {
        try (ResponseInputStream<GetObjectResponse> whole = real.getBlob(request)) {
          InputStream body = new ByteArrayInputStream(whole.readAllBytes());
          return new ResponseInputStream<>(whole.response(), faulty.apply(body));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** Breaks the connection after so many bytes. */
  static InputStream brokenAfter(int size, InputStream body) {
    return new Limited(
        size,
        body,
        () -> {
          throw new IOException("broken off");
        });
  }

  /** Sends nothing more after so many bytes, until the end. */
  static InputStream stalledAfter(int size, InputStream body, CountDownLatch end) {
    return new Limited(
        size,
        body,
        () -> {
          try {
            end.await();
          } catch (InterruptedException stopped) {
            throw new IOException(stopped);
          }
          throw new IOException("stood still");
        });
  }

  /** What happens instead of more bytes. */
  private interface Accident {
    void happen() throws IOException;
  }

  /** Gives so many bytes, and then the accident. */
  private static final class Limited extends FilterInputStream {
    private final Accident accident;
    private int left;

    Limited(int size, InputStream body, Accident accident) {
      super(body);
      this.left = size;
      this.accident = accident;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (left == 0) {
        accident.happen();
      }
      int got = super.read(bytes, offset, Math.min(count, left));
      left -= Math.max(0, got);
      return got;
    }
  }
}
