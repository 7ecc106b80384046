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
    set("defaultLogLevel", "warn");
    set("log.com.fulcrologic.datomiccloudbackup", isVerbose ? "info" : "warn");
    // Below warnings, the SDKs and their HTTP clients log credentials, and keys out of KMS.
    set("log.software.amazon.awssdk", "warn");
    set("log.org.apache.hc", "warn");
    set("log.com.amazonaws", "warn");
    set("log.org.apache.http", "warn");
    set("showDateTime", "true");
    set("dateTimeFormat", "HH:mm:ss.SSS");
    set("showShortLogName", "true");
    PEER_POOL.setLevel(Level.OFF); // it prints what the command reports
    System.getProperties().putIfAbsent("aws.java.v1.disableDeprecationAnnouncement", "true");
  }

  private static void set(String property, String value) {
    System.getProperties().putIfAbsent(PREFIX + property, value);
  }
}
