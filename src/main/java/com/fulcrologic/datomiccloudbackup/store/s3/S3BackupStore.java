package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.s3.ObjectApi.Content;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in a bucket: an object is an object, its key the location's prefix and the store's key.
 * Immutable except for its knowledge of the server; thread-safe. Any number of processes may share
 * the bucket.
 *
 * <p>A write is one PutObject with {@code If-None-Match: *}, which S3 carries out whole or not at
 * all, and for one writer only. Before the first write, each instance checks whether the server
 * honours the condition. The only other requests are GetObject, of the wanted bytes, and
 * ListObjectsV2.
 */
final class S3BackupStore implements BackupStore {
  private static final Logger LOG = LoggerFactory.getLogger(S3BackupStore.class);

  /** The most objects that S3 lists at once. */
  static final int PAGE_COUNT_MAX = 1_000;

  /** Its key starts with a dot, as no key of a store does, and listings leave it out. */
  static final String MARKER = ".if-none-match";

  private static final String MARKER_TEXT =
      """
      Written by datomic-cloud-backup to learn whether this server honours If-None-Match: *,
      before anything else is written here. It may stay, and may be deleted.
      """;

  /** The first request of all creates the marker, and the next one, of any process, is refused. */
  private static final int PUT_COUNT_MAX = 2;

  private final ObjectApi api;
  private final S3Location location;
  private final int pageCountMax;
  private final S3Failures failures;
  private final RetryPolicy retryPolicy;
  private boolean isConditionHonoured; // guarded by this; false as long as it is unknown

  S3BackupStore(ObjectApi api, S3Location location, S3Options options) {
    this(api, location, options, PAGE_COUNT_MAX);
  }

  S3BackupStore(ObjectApi api, S3Location location, S3Options options, int pageCountMax) {
    this.api = api;
    this.location = location;
    this.pageCountMax = pageCountMax;
    this.failures = new S3Failures(location);
    this.retryPolicy = options.retryPolicy();
  }

  @Override
  public boolean create(String key, byte[] content) {
    BackupStore.requireKey(key);
    requireConditionHonoured();
    Content checked = Content.of(content);
    return send("create " + key, () -> putOnce(key, checked));
  }

  private boolean putOnce(String key, Content content) throws ObjectFault {
    try {
      api.putIfAbsent(location.keyPrefix() + key, content);
      return true;
    } catch (ObjectFault fault) {
      if (fault.status() == 412) {
        return false;
      }
      throw fault;
    }
  }

  /**
   * Checks whether the server honours {@code If-None-Match}, by creating the same marker twice: the
   * second attempt must fail. The marker stays, so a later check needs one request. The server is
   * asked once in this object's life; other threads wait for its answer.
   *
   * <p>This does not detect a server that looks first and then writes. On such a server, two
   * writers at the very same time can both succeed; only a race would show that.
   */
  private synchronized void requireConditionHonoured() {
    if (isConditionHonoured) {
      return;
    }
    Content marker = Content.of(MARKER_TEXT.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < PUT_COUNT_MAX && !isConditionHonoured; i++) {
      isConditionHonoured = !send("create " + MARKER, () -> putMarker(marker));
    }
    if (!isConditionHonoured) {
      throw failures.conditionIgnored();
    }
  }

  private boolean putMarker(Content marker) throws ObjectFault {
    try {
      return putOnce(MARKER, marker);
    } catch (ObjectFault fault) {
      if (isRefusal(fault)) {
        throw failures.conditionRefused(fault);
      }
      throw fault;
    }
  }

  /** Whether the server refuses the condition itself. */
  private static boolean isRefusal(ObjectFault fault) {
    return fault.status() == 501
        || (fault.status() == 400
            && (fault.code().equals("InvalidArgument") || fault.code().equals("InvalidRequest")));
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    BackupStore.requireKey(key);
    if (sizeMax < 0) {
      throw new IllegalArgumentException("sizeMax must not be negative");
    }
    // A range cannot be empty: reading the first byte shows whether the object exists.
    return send("read " + key, () -> get(key, Math.max(1, sizeMax)))
        .map(bytes -> sizeMax == 0 ? new byte[0] : bytes);
  }

  private Optional<byte[]> get(String key, int sizeMax) throws ObjectFault {
    try {
      return Optional.of(api.get(location.keyPrefix() + key, sizeMax));
    } catch (ObjectFault fault) {
      // Only this code means that the object is missing: a 404 may also mean no bucket, or not S3.
      if (fault.code().equals("NoSuchKey")) {
        return Optional.empty();
      }
      // An empty object has no first byte either; the code, if any, is InvalidRange.
      if (fault.status() == 416) {
        return Optional.of(new byte[0]);
      }
      throw fault;
    }
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    BackupStore.requirePrefix(prefix);
    String wholePrefix = location.keyPrefix() + prefix;
    var listing =
        new S3Listing(
            (position, token) ->
                send(
                    ("list " + prefix).strip(),
                    () -> api.list(wholePrefix, position, token, pageCountMax)),
            location.keyPrefix(),
            prefix,
            startAfter,
            failures);
    return Streams.ofBatches(listing::next);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Writes the marker of the condition, which listings leave out.
   */
  @Override
  public List<String> tryOut() {
    List<String> found = new ArrayList<>(BackupStore.super.tryOut());
    requireConditionHonoured();
    found.add("it can be written to, and honours If-None-Match");
    return found;
  }

  @Override
  public String location() {
    return location.toString();
  }

  /** A request. */
  private interface Request<T> {
    T send() throws ObjectFault;
  }

  /**
   * Sends a request again while its fault is transient: every request of a store may be sent again,
   * whatever the outcome of the last attempt. Reads change nothing, and an object is written once,
   * with the same bytes.
   *
   * @param what the operation, as in {@code create orders/claim}
   * @throws com.fulcrologic.datomiccloudbackup.BackupException as {@link S3Failures} classifies it
   */
  private <T> T send(String what, Request<T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.send();
      } catch (ObjectFault fault) {
        if (Thread.currentThread().isInterrupted()) {
          throw failures.interrupted(what, fault);
        }
        if (!fault.isTransient() || attempt >= retryPolicy.attemptCountMax()) {
          throw failures.classify(what, fault);
        }
        LOG.info(
            "retrying what={} attempt={} status={} code={}",
            what,
            attempt,
            fault.status(),
            fault.code());
        pauseAfter(attempt, what);
      }
    }
  }

  /** Throws when the wait is interrupted; the thread's flag is set again. */
  private void pauseAfter(int attempt, String what) {
    long boundMillis = retryPolicy.delayBoundAfter(attempt).toMillis();
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(boundMillis + 1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failures.interrupted(what, interrupted);
    }
  }
}
