package com.fulcrologic.datomiccloudbackup.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sets up slf4j-simple: warnings on standard error, and the log of this library on request. It uses
 * system properties, since a file on the class path would also affect the library's users.
 * Properties set by the user stay.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  /** The connection pool of the peer library; a logger that nothing refers to is forgotten. */
  private static final Logger PEER_POOL = Logger.getLogger("org.apache.tomcat.jdbc.pool");

  private Logging() {}

  /** To be called before any logger is made. */
  static void configure(boolean isVerbose) {
    set(PREFIX + "defaultLogLevel", "warn");
    set(PREFIX + "log.com.fulcrologic.datomiccloudbackup", isVerbose ? "info" : "warn");
    // Below warnings, the SDKs and their HTTP clients log credentials, and the keys that KMS
    // decrypts.
    set(PREFIX + "log.software.amazon.awssdk", "warn");
    set(PREFIX + "log.org.apache.hc", "warn");
    set(PREFIX + "log.com.amazonaws", "warn");
    set(PREFIX + "log.org.apache.http", "warn");
    set(PREFIX + "showDateTime", "true");
    set(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
    set(PREFIX + "showShortLogName", "true");
    PEER_POOL.setLevel(Level.OFF); // it prints what the command reports
    set("aws.java.v1.disableDeprecationAnnouncement", "true");
  }

  private static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
