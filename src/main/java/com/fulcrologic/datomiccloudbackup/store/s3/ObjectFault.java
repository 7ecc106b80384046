package com.fulcrologic.datomiccloudbackup.store.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A request that did not bring what it asked for, in terms of S3 instead of an SDK's: the server's
 * refusal, or no answer at all, and then nobody knows whether the request was carried out.
 */
final class ObjectFault extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int DEPTH_MAX = 16;

  private static final Set<Integer> TRANSIENT_STATUSES =
      Set.of(408, 409, 425, 429, 500, 502, 503, 504);

  /**
   * Told with status 400, and yet gone with the next attempt: what arrived was not what we sent.
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

  /** The server answered that it will not. */
  static ObjectFault refused(int status, String code, Throwable cause) {
    // What is not an error code, as a proxy's page, is not repeated in messages.
    String known = CODE.matcher(code).matches() ? code : "";
    return new ObjectFault(
        status,
        known,
        "",
        TRANSIENT_STATUSES.contains(status) || TRANSIENT_CODES.contains(known),
        cause);
  }

  /** There was no answer, or not all of it. */
  static ObjectFault unanswered(Throwable cause) {
    return new ObjectFault(0, "", "", ofTheWire(cause).isPresent(), cause);
  }

  /** The same, where the SDK itself says that there was no time, or that it is worth a repeat. */
  static ObjectFault timedOut(Throwable cause) {
    return new ObjectFault(0, "", "", true, cause);
  }

  /**
   * Nothing was sent, for want of credentials.
   *
   * @param identity where they were to come from
   */
  static ObjectFault unauthenticated(String identity, Throwable cause) {
    return new ObjectFault(0, "", identity, ofTheWire(cause).isPresent(), cause);
  }

  /** As against what no attempt mends: no credentials, no region, no file that holds them. */
  private static Optional<IOException> ofTheWire(Throwable cause) {
    Throwable each = cause;
    for (int depth = 0; each != null && depth < DEPTH_MAX; depth++) {
      boolean isOfFiles =
          each instanceof FileSystemException || each instanceof FileNotFoundException;
      if (each instanceof IOException wire && !isOfFiles) {
        return Optional.of(wire);
      }
      each = each.getCause();
    }
    return Optional.empty();
  }

  /** What became of the connection, where that is why there was no answer. */
  Optional<IOException> ofTheWire() {
    Throwable cause = getCause();
    return cause == null ? Optional.empty() : ofTheWire(cause);
  }

  /** The class of what happened, where there was no answer. */
  String failureName() {
    Throwable cause = getCause();
    Object told = ofTheWire().map(Throwable.class::cast).orElse(cause == null ? this : cause);
    return told.getClass().getSimpleName();
  }

  /** Where the credentials were to come from that are missing; empty where that is not known. */
  String identity() {
    return identity;
  }

  /** The status of HTTP; 0 when there was no answer. */
  int status() {
    return status;
  }

  /** S3's word for it, as {@code NoSuchKey}; empty when it said none. */
  String code() {
    return code;
  }

  /** Whether the same request may fare better when it is sent again. */
  boolean isTransient() {
    return isTransient;
  }
}
