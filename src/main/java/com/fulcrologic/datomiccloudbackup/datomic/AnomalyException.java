package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.BackupException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Datomic refused or failed a call.
 *
 * <p>Datomic's own message is left out, and so is the text of the cause: both may quote values of
 * the database. The category, the {@code :db/error} ident and the stack traces remain.
 */
public final class AnomalyException extends BackupException {
  private static final long serialVersionUID = 1L;

  private final Anomaly anomaly;
  private final @Nullable String databaseError;

  /**
   * @param doing the failed operation, to follow "Failed to"
   * @param databaseError the {@code :db/error} ident, as in {@code :db.error/cas-failed}, if any
   */
  public AnomalyException(
      String doing, Anomaly anomaly, @Nullable String databaseError, @Nullable Throwable cause) {
    this(
        doing,
        anomaly,
        anomaly.name().toLowerCase(Locale.ROOT).replace('_', '-')
            + (databaseError == null ? "" : " (" + databaseError + ")"),
        hintFor(anomaly),
        databaseError,
        withoutText(cause));
  }

  private AnomalyException(
      String doing,
      Anomaly anomaly,
      String why,
      String hint,
      @Nullable String databaseError,
      @Nullable Throwable cause) {
    super("Failed to " + doing + ": " + why, hint, cause);
    this.anomaly = anomaly;
    this.databaseError = databaseError;
  }

  /** Category unavailable: the connection was refused, or there is no such host. */
  static AnomalyException unreachable(String doing, AnomalyException cause) {
    return unavailable(
        doing,
        "nothing answers at its endpoint",
        "check :endpoint, :region and :system, and whether the network (VPN, security group, proxy)"
            + " reaches it; then run it again",
        cause);
  }

  /** Category unavailable: a call does not return. */
  static AnomalyException stuck(String doing, String why) {
    return unavailable(
        doing, why, "run it again: the system, or the network to it, lost the reply", null);
  }

  /** Category busy: a durable Datomic Local, of which another process has a database open. */
  static AnomalyException locked(String doing, Exception cause) {
    return new AnomalyException(
        doing,
        Anomaly.BUSY,
        "another process uses it",
        "a database of Datomic Local belongs to one process at a time: end the other process, or"
            + " call the library from there",
        null,
        withoutText(cause));
  }

  /** Category unavailable: a remote system failed, and gave no reason. */
  static AnomalyException unexplained(String doing, AnomalyException cause) {
    return unavailable(
        doing,
        "unavailable (a fault that the system does not explain)",
        "run it again; if it stays so, look at the system's own log and alerts (CloudWatch)",
        cause);
  }

  /** Category unavailable: the keys for signing requests cannot be read. */
  static AnomalyException withoutKeys(String doing, AnomalyException cause) {
    return unavailable(
        doing,
        "the system does not answer, or its keys cannot be read",
        "check the AWS credentials or profile of this process, that they may read the system's keys"
            + " in S3, and that S3 and the endpoint are reached from here",
        cause);
  }

  private static AnomalyException unavailable(
      String doing, String why, String hint, @Nullable Throwable cause) {
    return new AnomalyException(doing, Anomaly.UNAVAILABLE, why, hint, null, cause);
  }

  /** The category. */
  public Anomaly anomaly() {
    return anomaly;
  }

  /** The {@code :db/error} ident, as in {@code :db.error/cas-failed}. */
  public Optional<String> databaseError() {
    return Optional.ofNullable(databaseError);
  }

  /** Whether Datomic gave exactly this {@code :db/error}. */
  public boolean isDatabaseError(String ident) {
    return ident.equals(databaseError);
  }

  private static String hintFor(Anomaly anomaly) {
    return switch (anomaly) {
      case UNAVAILABLE, INTERRUPTED, BUSY -> "run it again: the system was busy or out of reach";
      case FORBIDDEN -> "check the client map, the credentials and the permissions";
      case NOT_FOUND -> "check the names of the system and the database";
      case UNSUPPORTED -> "this kind of system cannot do it through its client: use its own tools";
      case INCORRECT, CONFLICT, FAULT ->
          "look up the error in Datomic's own log, and report it with this message";
    };
  }
}
