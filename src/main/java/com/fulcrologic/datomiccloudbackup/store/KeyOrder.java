package com.fulcrologic.datomiccloudbackup.store;

import java.util.Comparator;

/**
 * The order of listings: by the bytes of UTF-8, which equals the order of the code points. Keys
 * sort the same in UTF-16; foreign keys, which may be any text, can sort differently there.
 */
final class KeyOrder implements Comparator<String> {
  static final KeyOrder INSTANCE = new KeyOrder();

  private KeyOrder() {}

  @Override
  public int compare(String one, String other) {
    int size = Math.min(one.length(), other.length());
    for (int i = 0; i < size; i++) {
      char c = one.charAt(i);
      char d = other.charAt(i);
      if (c != d) {
        return Integer.compare(rank(c), rank(d));
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /** A surrogate is half of a character that sorts after all characters of one char. */
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + Character.MAX_VALUE : c;
  }
}
