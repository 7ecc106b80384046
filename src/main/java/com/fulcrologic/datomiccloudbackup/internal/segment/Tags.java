package com.fulcrologic.datomiccloudbackup.internal.segment;

/** The tags of this format that transit itself does not know. Part of the format for ever. */
final class Tags {
  /** A Float; its representation is a double of the same number. */
  static final String FLOAT = "float";

  /** A string that UTF-8 cannot hold; its representation is UTF-16, big-endian, in bytes. */
  static final String UTF_16 = "utf16";

  /** A URI that UTF-8 cannot hold; its representation is the string, tagged UTF_16. */
  static final String URI = "uri";

  /** A Clojure keyword that its text does not identify: namespace (or nil) and name. */
  static final String KEYWORD = "keyword";

  /** A Clojure symbol that its text does not identify: namespace (or nil) and name. */
  static final String SYMBOL = "symbol";

  /** A Clojure BigInt of many digits: two's complement, big-endian, in bytes. */
  static final String BIG_INT = "bigint";

  /** A java.math.BigInteger of any size: two's complement, big-endian, in bytes. */
  static final String BIG_INTEGER = "biginteger";

  /** A BigDecimal of many digits: the scale, and the unscaled number as in BIG_INTEGER. */
  static final String BIG_DECIMAL = "bigdecimal";

  /** A database function of Datomic Pro; its representation is the map of its parts, in EDN. */
  static final String FUNCTION = "function";

  private Tags() {}
}
