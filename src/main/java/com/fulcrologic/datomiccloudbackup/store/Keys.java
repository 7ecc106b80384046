package com.fulcrologic.datomiccloudbackup.store;

/**
 * The syntax and the order of keys. The alphabet has no dot, so {@code .} and {@code ..} are no
 * elements, and hidden files are out of reach.
 */
final class Keys {
  static final int KEY_SIZE_MAX = 512;
  static final int ELEMENT_SIZE_MAX = 255;

  private Keys() {}

  static String requireKey(String key) {
    if (!isKey(key)) {
      throw new IllegalArgumentException("not a key: " + shown(key));
    }
    return key;
  }

  static String requirePrefix(String prefix) {
    if (!isPrefix(prefix)) {
      throw new IllegalArgumentException("not the beginning of a key: " + shown(prefix));
    }
    return prefix;
  }

  static boolean isKey(String key) {
    return !key.isEmpty() && !key.endsWith("/") && isPrefix(key);
  }

  private static boolean isPrefix(String prefix) {
    int elementSize = 0;
    for (int i = 0; i < prefix.length(); i++) {
      char c = prefix.charAt(i);
      if (c == '/') {
        if (elementSize == 0) {
          return false;
        }
        elementSize = 0;
      } else if (!isSafe(c) || ++elementSize > ELEMENT_SIZE_MAX) {
        return false;
      }
    }
    return prefix.length() <= KEY_SIZE_MAX;
  }

  /** Whether {@code c} may be in an element of a key. */
  private static boolean isSafe(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  /** The text on one line, with bounded length, for messages. */
  private static String shown(String text) {
    String start = text.length() <= 80 ? text : text.substring(0, 80) + "…";
    return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  /**
   * The order of listings: by the bytes of UTF-8, which equals the order of the code points. Keys
   * sort the same in UTF-16; foreign keys, which may be any text, can sort differently there.
   */
  static int compare(String one, String other) {
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
