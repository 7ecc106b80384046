package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Walks a listing page by page, each asked for by the key that the last one ended with, and makes
 * sure that it goes forward. Mutable; for one thread; holds one page, and nothing open.
 */
final class S3Listing implements Iterator<StoredObject> {
  private final Pages pages;
  private final String keyPrefix;
  private final String prefix;
  private final S3Failures failures;

  private Iterator<StoredObject> page = List.<StoredObject>of().iterator();
  private boolean isLast;
  private String position;

  /** The next page of a listing, after the transient faults. */
  interface Pages {
    ObjectApi.Page after(String position);
  }

  /**
   * @param keyPrefix what is before the store's own keys
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

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && !isLast) {
      fetch();
    }
    return page.hasNext();
  }

  @Override
  public StoredObject next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }

  private void fetch() {
    ObjectApi.Page fetched = pages.after(position);
    if (fetched.objects().isEmpty() && !fetched.isLast()) {
      throw failures.disorder(prefix);
    }
    for (StoredObject object : fetched.objects()) {
      if (!object.key().startsWith(keyPrefix + prefix) || BackupStore.keyOrder().compare(object.key(), position) <= 0) {
        throw failures.disorder(prefix);
      }
      position = object.key();
    }
    isLast = fetched.isLast();
    page =
        fetched.objects().stream()
            .map(object -> new StoredObject(ownKey(object), object.size()))
            .filter(object -> !isHidden(object.key()))
            .iterator();
  }

  private String ownKey(StoredObject object) {
    return object.key().substring(keyPrefix.length());
  }

  /** The probe's marker, and what a console puts where somebody made a folder of the prefix. */
  private static boolean isHidden(String key) {
    return key.isEmpty() || key.equals(ConditionProbe.MARKER);
  }
}
