package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IExceptionInfo;
import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Causes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Classifies the exceptions of Clojure code; no other class does. */
final class Anomalies {
  private static final Keyword CATEGORY = Keyword.intern("cognitect.anomalies", "category");
  private static final Keyword DATABASE_ERROR = Keyword.intern("db", "error");

  /**
   * Errors to which the peer library gives no category, or one that misleads [peer 1.0.7277]. The
   * outcome of a transaction that timed out is unknown.
   */
  private static final Map<String, Anomaly> ERRORS_OF_PEER =
      Map.of(
          ":db.error/transaction-timeout", Anomaly.UNAVAILABLE,
          ":db.error/peer-queue-exceeded", Anomaly.BUSY,
          ":db.error/db-not-found", Anomaly.NOT_FOUND,
          ":db.error/read-transactor-location-failed", Anomaly.UNAVAILABLE,
          ":db.error/connection-released", Anomaly.CONFLICT);

  private Anomalies() {}

  /**
   * Makes a call, and turns its exception into an {@link AnomalyException}.
   *
   * @param doing the operation, to follow "Failed to"
   */
  static <T extends @Nullable Object> T guard(String doing, Supplier<T> call) {
    try {
      return call.get();
    } catch (BackupException known) {
      throw known;
    } catch (Exception thrown) { // Clojure throws checked exceptions undeclared
      if (isLibraryMissing(thrown)) {
        throw new InvalidConfigurationException(
            "Failed to " + doing + ": the library that it needs is not on the class path",
            "add com.datomic:client-cloud for :cloud and :ion, com.datomic:local for"
                + " :datomic-local, com.datomic:client-pro for :peer-server, com.datomic:peer for"
                + " :peer");
      }
      throw classify(doing, thrown);
    } catch (AbstractMethodError missing) { // the client lacks an operation of the API
      throw new AnomalyException(doing, Anomaly.UNSUPPORTED, null, missing);
    }
  }

  /**
   * The same for a remote system. A fault that the system does not explain is classified as
   * unavailable, since it shows nothing about the request. Examples are a gateway's 500, a token
   * that the system has forgotten, and a closed client.
   */
  static <T> @Nullable T guardRemote(String doing, Supplier<@Nullable T> call) {
    try {
      return guard(doing, call);
    } catch (AnomalyException fault) {
      if (fault.anomaly() != Anomaly.FAULT || fault.databaseError().isPresent()) {
        throw fault;
      }
      throw AnomalyException.unexplained(doing, fault);
    }
  }

  private static AnomalyException classify(String doing, Exception thrown) {
    IPersistentMap data = anomalyIn(thrown);
    if (data == null && isLocked(thrown)) {
      return AnomalyException.locked(doing, thrown);
    }
    if (data == null) {
      Anomaly anomaly = isStorageOutOfReach(thrown) ? Anomaly.UNAVAILABLE : Anomaly.FAULT;
      return new AnomalyException(doing, anomaly, null, thrown);
    }
    Object databaseError = data.valAt(DATABASE_ERROR);
    String error = databaseError instanceof Keyword keyword ? keyword.toString() : "";
    Anomaly known = ERRORS_OF_PEER.get(error);
    Object category = data.valAt(CATEGORY);
    return new AnomalyException(
        doing,
        known == null
            ? category instanceof Keyword keyword ? Anomaly.named(keyword.getName()) : Anomaly.FAULT
            : known,
        error.isEmpty() ? null : error,
        thrown);
  }

  /** Whether a peer cannot connect to its storage, as JDBC reports it. */
  private static boolean isStorageOutOfReach(Exception thrown) {
    return Causes.of(thrown)
        .anyMatch(
            each ->
                each instanceof ConnectException
                    || each instanceof UnknownHostException
                    || each instanceof SQLNonTransientConnectionException
                    || each instanceof SQLTransientException);
  }

  /** Durable Datomic Local serves one process at a time [Datomic Local 1.0.291]. */
  private static boolean isLocked(Exception thrown) {
    String text = thrown instanceof IOException ? thrown.getMessage() : null;
    return text != null && text.endsWith("is in use by another process.");
  }

  /** Whether Clojure reports that it finds no namespace. */
  private static boolean isLibraryMissing(Exception thrown) {
    return Causes.of(thrown)
        .filter(FileNotFoundException.class::isInstance)
        .anyMatch(each -> String.valueOf(each.getMessage()).startsWith("Could not locate "));
  }

  private static @Nullable IPersistentMap anomalyIn(Throwable thrown) {
    return Causes.of(thrown)
        .filter(IExceptionInfo.class::isInstance)
        .map(each -> ((IExceptionInfo) each).getData())
        .filter(data -> data.valAt(CATEGORY) != null || data.valAt(DATABASE_ERROR) != null)
        .findFirst()
        .orElse(null);
  }
}
