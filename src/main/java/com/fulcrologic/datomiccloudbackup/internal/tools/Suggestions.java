package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that was probably meant by a mistyped one. */
public final class Suggestions {
  private static final int LENGTH_MAX = 64;
  private static final int LETTERS_PER_EDIT = 3;

  private Suggestions() {}

  /** As in {@code ; did you mean backup?}; the empty text if no known name is near. */
  public static String question(String typed, Collection<String> known) {
    return nearest(typed, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** The nearest known name, at most one edit for each three letters away. */
  public static Optional<String> nearest(String typed, Collection<String> known) {
    if (typed.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    int editsMax = Math.max(1, typed.length() / LETTERS_PER_EDIT);
    return known.stream()
        .filter(name -> Math.abs(name.length() - typed.length()) <= editsMax)
        .filter(name -> edits(typed, name) <= editsMax)
        .min(Comparator.comparingInt((String name) -> edits(typed, name)).thenComparing(n -> n));
  }

  /** The Damerau-Levenshtein distance, with transpositions of neighbours (optimal alignment). */
  private static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
