package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a listing page by page, and makes sure that it advances. Each request names the last key of
 * the previous page, or the server's token if that page was empty. Mutable; for one thread; holds
 * one page, and nothing open.
 */
final class S3Listing {
  /** The most empty pages in a row; many deleted objects cause such pages. */
  static final int EMPTY_PAGE_COUNT_MAX = 1_000;

  private final Pages pages;
  private final String keyPrefix;
  private final String prefix;
  private final S3Failures failures;

  private boolean isLast;
  private String position;

  /** Fetches the next page of a listing, and retries transient faults. */
  interface Pages {
    ObjectApi.Page after(String position, @Nullable String token);
  }

  /**
   * @param keyPrefix the part before the store's own keys
   * @param prefix the beginning of the store's keys that are wanted
   * @param startAfter a key of the store, or any text
   */
  S3Listing(Pages pages, String keyPrefix, String prefix, String startAfter, S3Failures failures) {
    this.pages = pages;
    this.keyPrefix = keyPrefix;
    this.prefix = prefix;
    this.failures = failures;
    this.position = startAfter.isEmpty() ? "" : keyPrefix + startAfter;
  }

  /** The next objects; none at the end. */
  List<StoredObject> next() {
    List<StoredObject> shown = List.of();
    while (shown.isEmpty() && !isLast) {
      shown = page();
    }
    return shown;
  }

  private List<StoredObject> page() {
    ObjectApi.Page fetched = pages.after(position, null);
    for (int i = 0; fetched.objects().isEmpty() && !fetched.isLast(); i++) {
      // Without a key to continue from, only the server's token gives the position.
      if (fetched.token() == null || i >= EMPTY_PAGE_COUNT_MAX) {
        throw failures.disorder(prefix);
      }
      fetched = pages.after(position, fetched.token());
    }
    for (StoredObject object : fetched.objects()) {
      if (!object.key().startsWith(keyPrefix + prefix)
          || BackupStore.keyOrder().compare(object.key(), position) <= 0) {
        throw failures.disorder(prefix);
      }
      position = object.key();
    }
    isLast = fetched.isLast();
    return fetched.objects().stream()
        .map(object -> new StoredObject(ownKey(object), object.size()))
        .filter(object -> !isHidden(object.key()))
        .toList();
  }

  private String ownKey(StoredObject object) {
    return object.key().substring(keyPrefix.length());
  }

  /** The probe's marker, and the object that a console makes for a folder at the prefix. */
  private static boolean isHidden(String key) {
    return key.isEmpty() || key.equals(S3BackupStore.MARKER);
  }
}
