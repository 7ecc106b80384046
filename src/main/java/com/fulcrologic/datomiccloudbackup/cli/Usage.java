package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;

/** Refuses what a command line asks for and cannot have. */
final class Usage {
  private Usage() {}

  static InvalidConfigurationException refusal(String message, String hint) {
    return new InvalidConfigurationException(message, hint);
  }

  static void refuseIf(boolean isUnusable, String message, String hint) {
    if (isUnusable) {
      throw refusal(message, hint);
    }
  }

  /** The value of an option that has a smallest and a largest one. */
  static int requireBetween(String option, int value, int min, int max) {
    refuseIf(
        value < min || value > max,
        option + " is out of range: " + value,
        max == Integer.MAX_VALUE ? "give at least " + min : "give " + min + " to " + max);
    return value;
  }
}
