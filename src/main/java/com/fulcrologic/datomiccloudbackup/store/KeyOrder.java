package com.fulcrologic.datomiccloudbackup.store;

import java.util.Comparator;

/**
 * The order of listings: by the bytes of UTF-8, which is that of the characters' numbers. Of keys
 * it is any order's; foreign keys, which may be any text, UTF-16 would order otherwise.
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

  /** Halves of a pair stand for characters beyond all that one char can hold. */
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + Character.MAX_VALUE : c;
  }
}
