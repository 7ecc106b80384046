package com.fulcrologic.datomiccloudbackup.cli;

/**
 * Sets up slf4j-simple: warnings on standard error, and what this library does when asked for. By
 * system properties, since a file on the class path would reach the library's users too; what the
 * user has set himself stays.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private Logging() {}

  /** To be called before any logger is made. */
  static void configure(boolean isVerbose) {
    set(PREFIX + "defaultLogLevel", "warn");
    set(PREFIX + "log.com.fulcrologic.datomiccloudbackup", isVerbose ? "info" : "warn");
    // What the SDK and its HTTP client tell beyond warnings holds the headers that carry
    // credentials.
    set(PREFIX + "log.software.amazon.awssdk", "warn");
    set(PREFIX + "log.org.apache.hc", "warn");
    set(PREFIX + "showDateTime", "true");
    set(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
    set(PREFIX + "showShortLogName", "true");
    set("aws.java.v1.disableDeprecationAnnouncement", "true");
  }

  private static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
