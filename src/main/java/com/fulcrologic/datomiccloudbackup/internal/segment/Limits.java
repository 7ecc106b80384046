package com.fulcrologic.datomiccloudbackup.internal.segment;

/**
 * The limits of a segment. The writer refuses a value beyond them with an exception. The reader
 * accepts no number beyond them, so that a hostile segment costs bounded time and memory.
 */
final class Limits {
  private static final int MIB = 1 << 20;

  /** The header: numbers, hashes, and the names of built-ins. */
  static final int HEADER_SIZE_MAX = MIB;

  /** The schema, before compression; 1 000 attributes take about 60 KB. */
  static final int SCHEMA_SIZE_MAX = 64 * MIB;

  /** All transactions of a segment, before compression. */
  static final long CONTENT_SIZE_MAX = 1024L * MIB;

  /** One transaction, before compression; 100 000 datoms with long strings take 20 MB and more. */
  static final int TRANSACTION_SIZE_MAX = 256 * MIB;

  /** One string, in UTF-8. The MessagePack library itself refuses 128 MiB. */
  static final int STRING_SIZE_MAX = 64 * MIB;

  /** Elements of one array; the MessagePack library itself refuses one more. A million datoms. */
  static final int ELEMENT_COUNT_MAX = (1 << 22) - 1;

  /** Values, at all depths, of one transit value: each may cost an object when decoded. */
  static final int VALUE_COUNT_MAX = 1 << 24;

  /** Transaction, tuple, tag, representation, and one tagged value within: 6. */
  static final int NESTING_MAX = 8;

  /**
   * Digits of a number written in decimal; a longer one is written in binary, since reading decimal
   * digits takes time in their square.
   */
  static final int DIGIT_COUNT_MAX = 1000;

  private Limits() {}
}
