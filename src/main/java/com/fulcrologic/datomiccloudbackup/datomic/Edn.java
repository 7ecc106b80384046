package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.PushbackReader;
import java.io.StringReader;

/** Clojure's text notation for data, read without evaluating anything, and written. */
public final class Edn {
  private static final IFn READ;
  private static final Object END = new Object();
  private static final IPersistentMap AT_END = RT.map(Keyword.intern("eof"), END);
  private static final IFn WRITE = Clojure.var("clojure.core", "pr-str");

  static {
    Clojure.var("clojure.core", "require").invoke(Clojure.read("clojure.edn"));
    READ = Clojure.var("clojure.edn", "read");
  }

  private Edn() {}

  /**
   * Reads one value.
   *
   * @throws InvalidConfigurationException when {@code text} does not parse; the message does not
   *     quote it, since a client map may hold credentials
   */
  public static Object read(String text) {
    Object value;
    Object second;
    try {
      PushbackReader reader = new PushbackReader(new StringReader(text));
      value = READ.invoke(AT_END, reader);
      second = value == END ? END : READ.invoke(AT_END, reader);
    } catch (RuntimeException | AssertionError | StackOverflowError unreadable) {
      // Clojure asserts the forms of tagged values, and reads nested ones recursively.
      throw new InvalidConfigurationException(
          "Failed to parse EDN: the text is not well-formed",
          "check quotes, braces and that every key has a value");
    }
    if (second != END) {
      throw new InvalidConfigurationException(
          "Failed to parse EDN: there is more than one value in it", "give one value alone");
    }
    if (value == null || value == END) {
      throw new InvalidConfigurationException(
          "Failed to parse EDN: there is no value in it", "give a value, such as a client map");
    }
    return value;
  }

  /** Writes a value so that {@link #read} gives it back. */
  public static String write(Object value) {
    return (String) WRITE.invoke(value);
  }

  /**
   * The keyword that a text such as {@code ":person/email"} names; the colon may be missing.
   *
   * @throws InvalidConfigurationException when the text names no keyword
   */
  public static Keyword keyword(String text) {
    String name = text.startsWith(":") ? text.substring(1) : text;
    if (name.isBlank() || name.startsWith(":") || name.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidConfigurationException(
          "Failed to read an ident: it is not a keyword", "write it like :person/email");
    }
    return Keyword.intern(name);
  }
}
