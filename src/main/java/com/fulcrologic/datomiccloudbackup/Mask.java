package com.fulcrologic.datomiccloudbackup;

import java.util.Locale;

/**
 * A way to replace the values of an attribute in a target. Equal values give equal results, in all
 * attributes with that mask, so that joins survive. Immutable.
 *
 * <p>{@link #HASH} and {@link #FAKE} need a salt, and keep different values different. They replace
 * strings, keywords, symbols, UUIDs, longs, big integers, big decimals and bytes.
 *
 * @param kind the way to replace a value
 * @param length the characters that {@link Kind#TRUNCATE} keeps, at least 1; else 0
 */
public record Mask(Kind kind, int length) {
  /** The bytes of a salt at least. */
  public static final int SALT_SIZE_MIN = 16;

  /** The ways to replace a value. */
  public enum Kind {
    /** A keyed hash of it: 32 hexadecimal digits for a string, else a value of its type. */
    HASH,
    /** A made-up e-mail address, telephone number or name for a string; else as {@link #HASH}. */
    FAKE,
    /** It is left out, with its datom. */
    NULL_OUT,
    /** The beginning of a string. */
    TRUNCATE
  }

  public static final Mask HASH = new Mask(Kind.HASH, 0);
  public static final Mask FAKE = new Mask(Kind.FAKE, 0);
  public static final Mask NULL_OUT = new Mask(Kind.NULL_OUT, 0);

  private static final String TRUNCATE = "truncate:";

  public Mask {
    if (kind == Kind.TRUNCATE ? length < 1 : length != 0) {
      throw new IllegalArgumentException("a length of at least 1 belongs to truncate alone");
    }
  }

  /**
   * Keeps the beginning of each string. Refused for a unique attribute.
   *
   * @param length in characters (code points), at least 1
   */
  public static Mask truncate(int length) {
    return new Mask(Kind.TRUNCATE, length);
  }

  /**
   * The mask with this name: {@code hash}, {@code fake}, {@code null-out} or {@code truncate:N}.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Mask parse(String name) {
    for (Mask mask : new Mask[] {HASH, FAKE, NULL_OUT}) {
      if (mask.toString().equals(name)) {
        return mask;
      }
    }
    if (name.startsWith(TRUNCATE) && name.substring(TRUNCATE.length()).matches("[1-9][0-9]{0,8}")) {
      return truncate(Integer.parseInt(name.substring(TRUNCATE.length())));
    }
    throw new IllegalArgumentException("no mask has this name");
  }

  /** Whether the result depends on a secret. */
  public boolean needsSalt() {
    return kind == Kind.HASH || kind == Kind.FAKE;
  }

  /** The name that {@link #parse} reads. */
  @Override
  public String toString() {
    return kind == Kind.TRUNCATE
        ? TRUNCATE + length
        : kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
