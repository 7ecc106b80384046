package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Readable text from a hash: an e-mail address in a reserved domain, a telephone number of a
 * country that does not exist, or a name. At least 86 bits of the hash are in it.
 */
final class MadeUpText {
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final Pattern TELEPHONE = Pattern.compile("[+(]?[0-9][0-9 ().\\-/]{4,}");
  private static final BigInteger TELEPHONES = BigInteger.TEN.pow(26);
  private static final int NUMBER_SIZE = 10;

  private static final List<String> FIRST =
      List.of(
          "Alma", "Arlo", "Bea", "Bruno", "Cleo", "Dario", "Edda", "Emil", "Fern", "Finn", "Gala",
          "Hugo", "Ines", "Ivo", "Jana", "Jonas", "Kaya", "Leo", "Lina", "Mato", "Mira", "Nils",
          "Nora", "Otto", "Pia", "Rafi", "Rosa", "Sami", "Tilda", "Uma", "Viggo", "Zoe");

  private static final List<String> LAST =
      List.of(
          "Alder", "Ash", "Beech", "Birch", "Brook", "Cedar", "Cliff", "Cove", "Dale", "Elm",
          "Fell", "Field", "Ford", "Glen", "Grove", "Hazel", "Heath", "Hill", "Holm", "Lake",
          "Linden", "Maple", "Marsh", "Meadow", "Oak", "Pine", "Reed", "Ridge", "Rowan", "Stone",
          "Vale", "Wood");

  private MadeUpText() {}

  /** A text of the same kind, by at least 12 bytes that depend on it. */
  static String like(String text, byte[] hash) {
    if (TELEPHONE.matcher(text).matches()) {
      return String.format(Locale.ROOT, "+999%026d", new BigInteger(1, hash).mod(TELEPHONES));
    }
    String first = FIRST.get(hash[0] & (FIRST.size() - 1));
    String last = LAST.get(hash[1] & (LAST.size() - 1));
    String unique = new BigInteger(1, hash, 2, NUMBER_SIZE).toString(Character.MAX_RADIX);
    return ADDRESS.matcher(text).matches()
        ? (first + "." + last).toLowerCase(Locale.ROOT) + "." + unique + "@example.com"
        : first + " " + last + " " + unique;
  }
}
