package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form of a small object of text; see docs/format.adoc: a line with its kind and version, a
 * line for each value, and a SHA-256 of these lines. Each object has exactly one encoding.
 * Immutable.
 *
 * @param magic the kind, with a space at the end
 * @param version the version that is written
 * @param names the names of the values, each with a space at the end
 * @param values the values of an object, one for each name, without a line break
 * @param object the object of the values; may throw an IllegalArgumentException
 */
record NamedLines<T>(
    String magic,
    int version,
    List<String> names,
    Function<T, List<String>> values,
    Function<List<String>, T> object) {
  /** The maximum bytes of an object: names and ids are short. */
  static final int SIZE_MAX = 1 << 16;

  private static final String NONE = "none";
  private static final String SHA_256 = "sha-256 ";

  byte[] encode(T value) {
    List<String> lines = new ArrayList<>(List.of(magic + version));
    List<String> texts = values.apply(value);
    for (int i = 0; i < names.size(); i++) {
      lines.add(names.get(i) + texts.get(i));
    }
    return sealed(lines);
  }

  /** The object that {@link #encode} turns into these bytes; empty when there is none. */
  Optional<T> decode(byte[] bytes) {
    List<String> lines = lines(bytes).limit(names.size() + 3).toList();
    if (lines.size() != names.size() + 2) {
      return Optional.empty();
    }
    try {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        texts.add(value(lines.get(i + 1), names.get(i)));
      }
      T value = object.apply(texts);
      return Arrays.equals(encode(value), bytes) ? Optional.of(value) : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /** The version stated in these bytes, when it is not this one. */
  Optional<String> otherVersion(byte[] bytes) {
    return otherVersion(bytes, magic, version, version);
  }

  static Optional<String> otherVersion(byte[] bytes, String magic, int versionMin, int versionMax) {
    return lines(bytes)
        .findFirst()
        .filter(line -> line.matches(magic + "[0-9]{1,9}"))
        .map(line -> line.substring(magic.length()))
        .filter(
            other -> Integer.parseInt(other) < versionMin || Integer.parseInt(other) > versionMax);
  }

  /** The bytes of these lines, with their hash. */
  static byte[] sealed(List<String> lines) {
    String content = String.join("\n", lines) + "\n";
    String hash = Sha256.hex(content.getBytes(StandardCharsets.UTF_8));
    return (content + SHA_256 + hash + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Stream<String> lines(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).lines();
  }

  /** The value in a line; throws an IllegalArgumentException when the line has another name. */
  static String value(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("not " + name);
    }
    return line.substring(name.length());
  }

  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String unescaped(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  static String orNone(@Nullable String text) {
    return text == null ? NONE : text;
  }

  static @Nullable String unlessNone(String text) {
    return text.equals(NONE) ? null : text;
  }
}
