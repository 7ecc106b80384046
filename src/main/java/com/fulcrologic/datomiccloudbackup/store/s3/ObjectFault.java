package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.internal.tools.Causes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A failed request, in terms of S3 instead of an SDK's: a refusal by the server, or no answer at
 * all. Without an answer it is unknown whether the request was carried out.
 */
final class ObjectFault extends Exception {
  private static final long serialVersionUID = 1L;

  private static final Set<Integer> TRANSIENT_STATUSES =
      Set.of(408, 409, 425, 429, 500, 502, 503, 504);

  /**
   * Codes that come with status 400, yet the next attempt may succeed: the server did not receive
   * what this process sent.
   */
  private static final Set<String> TRANSIENT_CODES =
      Set.of(
          "BadDigest",
          "IncompleteBody",
          "InternalError",
          "RequestTimeout",
          "SlowDown",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch");

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");

  private final int status;
  private final String code;
  private final String identity;
  private final boolean isTransient;

  private ObjectFault(
      int status, String code, String identity, boolean isTransient, Throwable cause) {
    super(cause);
    this.status = status;
    this.code = code;
    this.identity = identity;
    this.isTransient = isTransient;
  }

  /** The server refused the request. */
  static ObjectFault refused(int status, String code, Throwable cause) {
    // Messages do not repeat a text that is not an error code, as a proxy's page.
    String known = CODE.matcher(code).matches() ? code : "";
    return new ObjectFault(
        status,
        known,
        "",
        TRANSIENT_STATUSES.contains(status) || TRANSIENT_CODES.contains(known),
        cause);
  }

  /** The server gave no answer, or not all of it. */
  static ObjectFault unanswered(Throwable cause) {
    return new ObjectFault(0, "", "", ofTheWire(cause).isPresent(), cause);
  }

  /** The same, when the SDK itself reports a timeout, or that a retry may succeed. */
  static ObjectFault timedOut(Throwable cause) {
    return new ObjectFault(0, "", "", true, cause);
  }

  /**
   * The SDK sent no request, since it had no credentials.
   *
   * @param identity the place that should have given credentials
   */
  static ObjectFault unauthenticated(String identity, Throwable cause) {
    return new ObjectFault(0, "", identity, ofTheWire(cause).isPresent(), cause);
  }

  /**
   * The network fault among the causes. No retry mends the other causes: no credentials, no region,
   * no file that holds them.
   */
  private static Optional<IOException> ofTheWire(Throwable cause) {
    return Causes.of(cause)
        .filter(IOException.class::isInstance)
        .map(IOException.class::cast)
        .filter(
            each -> !(each instanceof FileSystemException || each instanceof FileNotFoundException))
        .findFirst();
  }

  /** The fault of the connection, if that is the reason for the missing answer. */
  Optional<IOException> ofTheWire() {
    Throwable cause = getCause();
    return cause == null ? Optional.empty() : ofTheWire(cause);
  }

  /** The class name of the failure, if there was no answer. */
  String failureName() {
    Throwable cause = getCause();
    Object told = ofTheWire().map(Throwable.class::cast).orElse(cause == null ? this : cause);
    return told.getClass().getSimpleName();
  }

  /** The place that should have given the missing credentials; empty if it is unknown. */
  String identity() {
    return identity;
  }

  /** The HTTP status; 0 when there was no answer. */
  int status() {
    return status;
  }

  /** S3's error code, as {@code NoSuchKey}; empty when the answer had none. */
  String code() {
    return code;
  }

  /** Whether the same request may succeed when it is sent again. */
  boolean isTransient() {
    return isTransient;
  }
}
