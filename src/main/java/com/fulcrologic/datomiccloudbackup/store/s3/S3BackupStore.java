package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store in a bucket: an object is an object, its key the location's prefix and the store's key.
 * Immutable except for its knowledge of the server; thread-safe. Any number of processes may share
 * the bucket.
 *
 * <p>A write is one PutObject with {@code If-None-Match: *}, which S3 carries out whole or not at
 * all, and for one writer only. Before the first write, each instance checks whether the server
 * honours the condition: see {@link ConditionProbe}. The only other requests are GetObject, of the
 * wanted bytes, and ListObjectsV2.
 */
final class S3BackupStore implements BackupStore {
  /** The most objects that S3 lists at once. */
  static final int PAGE_COUNT_MAX = 1_000;

  private final ObjectApi api;
  private final S3Location location;
  private final int pageCountMax;
  private final S3Failures failures;
  private final Attempts attempts;
  private final ConditionProbe probe;

  S3BackupStore(ObjectApi api, S3Location location, S3Options options) {
    this(api, location, options, PAGE_COUNT_MAX);
  }

  S3BackupStore(ObjectApi api, S3Location location, S3Options options, int pageCountMax) {
    this.api = api;
    this.location = location;
    this.pageCountMax = pageCountMax;
    this.failures = new S3Failures(location);
    this.attempts = new Attempts(options.retryPolicy(), failures);
    this.probe = new ConditionProbe(failures);
  }

  @Override
  public boolean create(String key, byte[] content) {
    BackupStore.requireKey(key);
    probe.requireHonoured(this::mark);
    return put(key, content);
  }

  private boolean put(String key, byte[] bytes) {
    Content content = Content.of(bytes);
    return attempts.send("create " + key, () -> putOnce(key, content));
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

  private boolean mark(byte[] marker) {
    Content content = Content.of(marker);
    return attempts.send(
        "create " + ConditionProbe.MARKER,
        () -> {
          try {
            return putOnce(ConditionProbe.MARKER, content);
          } catch (ObjectFault fault) {
            if (ConditionProbe.isRefusal(fault)) {
              throw failures.conditionRefused(fault);
            }
            throw fault;
          }
        });
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    BackupStore.requireKey(key);
    if (sizeMax < 0) {
      throw new IllegalArgumentException("sizeMax must not be negative");
    }
    // A range cannot be empty: reading the first byte shows whether the object exists.
    return attempts
        .send("read " + key, () -> get(key, Math.max(1, sizeMax)))
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
                attempts.send(
                    ("list " + prefix).strip(),
                    () -> api.list(wholePrefix, position, token, pageCountMax)),
            location.keyPrefix(),
            prefix,
            startAfter,
            failures);
    return Streams.of(listing);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Writes the marker of {@link ConditionProbe}, which listings leave out.
   */
  @Override
  public List<String> tryOut() {
    List<String> found = new ArrayList<>(BackupStore.super.tryOut());
    probe.requireHonoured(this::mark);
    found.add("it can be written to, and honours If-None-Match");
    return found;
  }

  @Override
  public String location() {
    return location.toString();
  }
}
