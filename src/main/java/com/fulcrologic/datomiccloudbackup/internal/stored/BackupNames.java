package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Encodes a backup's name as one element of a key, and decodes it. {@code a-z}, {@code 0-9} and
 * {@code -} stay unchanged, and {@code _} is doubled. Every other byte of the name's UTF-8 becomes
 * {@code _} and two hexadecimal digits: {@code Orders_v2} becomes {@code _4frders__v2}. Names that
 * differ only in case, or in the composition of a letter, have different elements, even on a file
 * system that ignores both.
 */
final class BackupNames {
  /** The characters of an element: below a file name's 255, for additions by file systems. */
  static final int ELEMENT_SIZE_MAX = 240;

  private static final Pattern ELEMENT = Pattern.compile("(?:[a-z0-9-]|__|_[0-9a-f]{2})+");

  private static final String HINT =
      "Choose another name: 1 to "
          + ELEMENT_SIZE_MAX
          + " characters a-z, 0-9 or -; any other takes 2 to 12 of them.";

  private BackupNames() {}

  /** The names of all backups in a store, sorted: skips from the first key of each to the next. */
  static List<String> in(BackupStore store) {
    Set<String> names = new TreeSet<>();
    String position = "";
    for (Optional<String> key = firstKey(store, position);
        key.isPresent();
        key = firstKey(store, position)) {
      if (BackupStore.keyOrder().compare(key.get(), position) <= 0) {
        throw new StoreException(
            "Failed to list " + store.location() + ": its listing does not go forward.",
            "This kind of store ignores the start of a listing: use another store.");
      }
      position = key.get();
      int slash = position.indexOf('/');
      if (slash >= 0) {
        String element = position.substring(0, slash);
        decode(element)
            .filter(found -> StoredBackup.of(store, found).exists())
            .ifPresent(names::add);
        position = element + (char) ('/' + 1); // after all keys of this backup
      }
    }
    return List.copyOf(names);
  }

  private static Optional<String> firstKey(BackupStore store, String startAfter) {
    try (Stream<StoredObject> objects = store.list("", startAfter)) {
      return objects.map(StoredObject::key).findFirst();
    }
  }

  static String encode(String name) {
    if (name.isEmpty()) {
      throw new InvalidConfigurationException("The name of a backup must not be empty.", HINT);
    }
    StringBuilder element = new StringBuilder(name.length());
    ByteBuffer bytes = utf8(name);
    while (bytes.hasRemaining() && element.length() <= ELEMENT_SIZE_MAX) {
      append(element, bytes.get());
    }
    if (element.length() > ELEMENT_SIZE_MAX) {
      throw new InvalidConfigurationException(
          "The name of a backup is too long: " + name.length() + " characters.", HINT);
    }
    return element.toString();
  }

  private static ByteBuffer utf8(String name) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
    } catch (CharacterCodingException e) {
      throw new InvalidConfigurationException(
          "The name of a backup holds half a character (a lone surrogate).", HINT, e);
    }
  }

  private static void append(StringBuilder element, byte b) {
    if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-') {
      element.append((char) b);
    } else if (b == '_') {
      element.append("__");
    } else {
      element.append('_').append(HexFormat.of().toHexDigits(b));
    }
  }

  /** The name that {@link #encode} turns into this element; empty when there is none. */
  static Optional<String> decode(String element) {
    if (element.length() > ELEMENT_SIZE_MAX || !ELEMENT.matcher(element).matches()) {
      return Optional.empty();
    }
    // The escapes of a URL, with another character; each stands for one byte.
    String escaped = element.replace("__", "_5f").replace('_', '%');
    byte[] bytes =
        URLDecoder.decode(escaped, StandardCharsets.ISO_8859_1)
            .getBytes(StandardCharsets.ISO_8859_1);
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      // Each name has one element: an element with a needless escape is foreign.
      return Optional.of(name).filter(candidate -> encode(candidate).equals(element));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
