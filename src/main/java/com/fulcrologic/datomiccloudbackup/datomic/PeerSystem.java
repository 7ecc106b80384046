package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import datomic.Connection;
import datomic.Peer;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A system of Datomic Pro, reached by its peer library. No other class but {@link PeerConnection}
 * and {@link PeerValues} names a class of that library, which need not be on the class path.
 */
final class PeerSystem implements DatomicSystem {
  private static final String ANY_CLASS = "datomic/Peer.class";
  private static final String CONNECTION = "datomic.Connection";
  private static final String IN_MEMORY = "datomic:mem:";
  private static final String NAME = "%s";
  private static final Pattern NAME_IN_URI = Pattern.compile("([^/?]*)" + NAME + "([^/?]*)");

  /** The peer's own default is half of the heap; a backup reads the log once. */
  private static final String CACHE = "datomic.objectCacheMax";

  private static final int CACHE_SHARE = 8;
  private static final long CACHE_MEGABYTES_MIN = 32;
  private static final long CACHE_MEGABYTES_MAX = 128;

  private final String uri;
  private final Duration callLimit;
  private final Calls calls;

  private PeerSystem(String uri, Duration callLimit) {
    this.uri = uri;
    this.callLimit = Calls.requirePositive(callLimit);
    this.calls = new Calls(uri.startsWith(IN_MEMORY) ? null : callLimit);
  }

  /**
   * The system with this URI.
   *
   * @throws InvalidConfigurationException when it is not a URI with {@code %s} for the database, or
   *     the peer library is missing
   */
  static PeerSystem of(@Nullable Object uri, Duration callLimit) {
    return of(uri, callLimit, PeerSystem.class.getClassLoader());
  }

  static PeerSystem of(@Nullable Object uri, Duration callLimit, ClassLoader loader) {
    if (!(uri instanceof String text) || !text.startsWith("datomic:") || !text.contains(NAME)) {
      throw new InvalidConfigurationException(
          "Failed to make a Datomic peer: its :uri has no place for a database's name",
          "give a map such as {:server-type :peer :uri \"datomic:dev://host:4334/" + NAME + "\"}");
    }
    if (loader.getResource(ANY_CLASS) == null) {
      throw new InvalidConfigurationException(
          "Failed to make a Datomic peer: the peer library is not on the class path",
          "add com.datomic:peer, as docs/migrate.adoc shows");
    }
    if (System.getProperty(CACHE) == null) { // the library reads it once
      System.setProperty(CACHE, cacheMegabytes(Runtime.getRuntime().maxMemory()) + "m");
    }
    return new PeerSystem(text, callLimit);
  }

  static long cacheMegabytes(long heapSize) {
    long share = (heapSize >> 20) / CACHE_SHARE;
    return Math.max(CACHE_MEGABYTES_MIN, Math.min(CACHE_MEGABYTES_MAX, share));
  }

  /** Whether the object is a connection of the peer library; does not load that library. */
  static boolean isPeer(Object connection) {
    for (Class<?> each = connection.getClass(); each != null; each = each.getSuperclass()) {
      for (Class<?> type : each.getInterfaces()) {
        if (type.getName().equals(CONNECTION)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Wraps a connection of the peer library. */
  static DatomicConnection wrap(Object connection, Duration callLimit) {
    return new PeerConnection((Connection) connection, null, callLimit);
  }

  @Override
  public DatomicSystem withCallLimit(Duration limit) {
    return new PeerSystem(uri, limit);
  }

  @Override
  public DatomicConnection connect(String databaseName) {
    String doing = "connect to database " + databaseName;
    try {
      Connection connection = calls.call(doing, () -> Peer.connect(uri(databaseName)));
      return new PeerConnection(connection, databaseName, callLimit);
    } catch (AnomalyException refused) {
      if (refused.anomaly() == Anomaly.NOT_FOUND) {
        throw new NoSuchDatabaseException(
            "Failed to connect: the system has no database named " + databaseName,
            "check the database's name and the client map",
            refused);
      }
      throw refused;
    }
  }

  @Override
  public void create(String databaseName) {
    Object unused =
        calls.call("create database " + databaseName, () -> Peer.createDatabase(uri(databaseName)));
  }

  @Override
  public void delete(String databaseName) {
    Object unused =
        calls.call("delete database " + databaseName, () -> Peer.deleteDatabase(uri(databaseName)));
  }

  /** The library lists all names; the URI may have a part of the name beside {@code %s}. */
  @Override
  public List<String> databaseNames() {
    Matcher matcher = NAME_IN_URI.matcher(uri);
    if (!matcher.find()) {
      return List.of();
    }
    String before = matcher.group(1);
    String after = matcher.group(2);
    String all = uri.substring(0, matcher.start()) + "*" + uri.substring(matcher.end());
    return calls.call(
        "list the databases",
        () -> {
          List<String> names = Peer.getDatabaseNames(all);
          return names == null
              ? List.of()
              : names.stream()
                  .filter(name -> name.length() >= before.length() + after.length())
                  .filter(name -> name.startsWith(before) && name.endsWith(after))
                  .map(name -> name.substring(before.length(), name.length() - after.length()))
                  .toList();
        });
  }

  private String uri(String databaseName) {
    return uri.replace(NAME, databaseName);
  }
}
