package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The form of a small object of text: a line with its kind and version, a line for each value, and
 * a SHA-256 of these lines. Immutable.
 *
 * @param magic the kind, with a space at the end
 * @param version the version that is written
 * @param names the names of the values, each with a space at the end
 */
record NamedLines(String magic, int version, List<String> names) {
  private static final String SHA_256 = "sha-256 ";

  /**
   * The bytes of an object.
   *
   * @param values one for each name, without a line break
   */
  byte[] encode(List<String> values) {
    StringBuilder text = new StringBuilder(magic + version + "\n");
    for (int i = 0; i < names.size(); i++) {
      text.append(names.get(i)).append(values.get(i)).append('\n');
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    return (text + SHA_256 + hex(content) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The values in these bytes; empty when they do not have this form. Does not compare the hash: a
   * caller compares the bytes with those of {@link #encode}.
   */
  Optional<List<String>> decode(byte[] bytes) {
    List<String> lines = lines(bytes);
    if (lines.size() != names.size() + 2) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (!lines.get(i + 1).startsWith(names.get(i))) {
        return Optional.empty();
      }
      values.add(lines.get(i + 1).substring(names.get(i).length()));
    }
    return Optional.of(values);
  }

  /** The version stated in these bytes, when it is not this one. */
  Optional<String> otherVersion(byte[] bytes) {
    return lines(bytes).stream()
        .findFirst()
        .filter(line -> line.matches(magic + "[0-9]{1,9}"))
        .map(line -> line.substring(magic.length()))
        .filter(other -> Integer.parseInt(other) != version);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes, 0, bytes.length));
  }

  private List<String> lines(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).lines().limit(names.size() + 3).toList();
  }
}
