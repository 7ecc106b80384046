package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** The one place where an {@link ObjectFault} becomes one of this library's failures. */
record S3Failures(S3Location location) {
  private static final Set<String> DENIED_CODES =
      Set.of("ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "TokenRefreshRequired");

  /** Codes for a wrong place of the bucket, or for a request that the bucket cannot serve. */
  private static final Set<String> CONFIGURATION_CODES =
      Set.of(
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "InvalidBucketName",
          "InvalidStorageClass",
          "KMS.DisabledException",
          "KMS.NotFoundException",
          "NoSuchBucket",
          "PermanentRedirect",
          "TemporaryRedirect");

  /** The failure of an operation, as in {@code create orders/claim}. */
  BackupException classify(String what, ObjectFault fault) {
    String message = "Failed to " + what + " in " + location + ": ";
    if (!fault.identity().isEmpty()) {
      return unauthenticated(message, fault);
    }
    String code = fault.code();
    if (code.equals("InvalidObjectState")) {
      return StoreException.lasting(
          message + "the object is archived.",
          "Restore it from its archive with S3's means, and keep backups out of such rules.",
          fault.getCause());
    }
    // Ceph reports it with the status of a denial, MinIO with one of its own.
    if (fault.status() == 507 || code.equals("QuotaExceeded")) {
      return StoreException.lasting(
          message + "there is no room left (" + words(fault) + ").",
          "Raise the quota, or give the server room, and run it again: it resumes.",
          fault.getCause());
    }
    if (fault.status() == 401 || fault.status() == 403 || DENIED_CODES.contains(code)) {
      return new StoreAccessDeniedException(
          message + "access denied (" + words(fault) + ").",
          "Allow s3:ListBucket on the bucket, s3:GetObject and, to write, s3:PutObject below the"
              + " prefix, and the use of its KMS key; check the credentials and the clock.",
          fault.getCause());
    }
    if (fault.status() == 501) {
      return new InvalidConfigurationException(
          message + "the server does not support the request (" + words(fault) + ").",
          "Leave out encryption and storage class, or use a server that has them.",
          fault.getCause());
    }
    if (CONFIGURATION_CODES.contains(code) || (fault.status() >= 300 && fault.status() < 400)) {
      return new InvalidConfigurationException(
          message + "the store cannot be there (" + words(fault) + ").",
          "Check the bucket's name, its region, the endpoint, and the KMS key.",
          fault.getCause());
    }
    if (fault.status() != 0) {
      return new StoreException(
          message + "the server answered " + words(fault) + ".", hint(fault), fault.getCause());
    }
    return fault.isTransient() ? unanswered(message, fault) : unsent(message, fault);
  }

  private static String hint(ObjectFault fault) {
    if (fault.isTransient()) {
      return "Run it again: it resumes. See whether the server is overloaded.";
    }
    return switch (fault.status()) {
      case 400 -> "Check the region, the endpoint, and what the bucket's policies ask for.";
      case 404, 405 -> "Check the bucket's name and the endpoint: is S3 there?";
      default -> "Check the server, and the content of the bucket.";
    };
  }

  private static StoreException unanswered(String message, ObjectFault fault) {
    Optional<IOException> wire = fault.ofTheWire();
    return new StoreException(
        message + "there was no whole answer, at any attempt (" + fault.failureName() + ").",
        wire.map(S3Failures::hint)
            .orElse("Check the network and the endpoint, and run it again: it resumes."),
        fault.getCause());
  }

  private static String hint(IOException wire) {
    if (wire instanceof UnknownHostException) {
      return "Check the endpoint, the bucket's name, the region, and this machine's DNS.";
    }
    if (wire instanceof SSLException) {
      return "Check that the endpoint speaks TLS, with a certificate that this Java trusts.";
    }
    if (wire instanceof ConnectException) {
      return "Check that the server runs, its port, and the firewalls between.";
    }
    if (wire instanceof ProtocolException) {
      return "The answer is not from S3: check the endpoint, and proxies between.";
    }
    return "Check the network and the endpoint, and run it again: it resumes.";
  }

  private static BackupException unauthenticated(String message, ObjectFault fault) {
    String what = message + "there are no credentials from " + fault.identity() + ".";
    return fault.isTransient()
        ? new StoreException(
            what, "Check the network to their source, and run it again.", fault.getCause())
        : new StoreAccessDeniedException(
            what,
            "Mend that source, or remove its settings: while it is set up, no other is asked.",
            fault.getCause());
  }

  private static BackupException unsent(String message, ObjectFault fault) {
    // Both SDKs report it by this word of the text alone.
    String text = String.valueOf(fault.getCause());
    return text.contains("credentials")
        ? new StoreAccessDeniedException(
            message + "the SDK found no credentials.",
            "Give this process credentials in one of the ways of the SDK's default chain.",
            fault.getCause())
        : new StoreException(
            message + "the SDK could not send the request (" + fault.failureName() + ").",
            "Check how the SDK's client is set up, and whether it was closed.",
            fault.getCause());
  }

  private static String words(ObjectFault fault) {
    return (fault.status() + " " + fault.code()).strip();
  }

  StoreException interrupted(String what, Throwable cause) {
    return new StoreException(
        "Failed to " + what + " in " + location + ": the thread was interrupted.",
        "Run it again: it resumes.",
        cause);
  }

  StoreException disorder(String prefix) {
    return new StoreException(
        "%s in %s: its listing does not go forward."
            .formatted(("Failed to list " + prefix).strip(), location),
        "Use another server: this one does not list by key as S3 does (nor do S3's directory"
            + " buckets).");
  }

  /** The server does not accept the header; some servers say so, others give no reason. */
  InvalidConfigurationException conditionRefused(ObjectFault fault) {
    return new InvalidConfigurationException(
        ("Failed to write in %s: the server refuses a conditional write, If-None-Match: * "
                + "(%s).")
            .formatted(location, words(fault)),
        "Use a server that has conditional writes (Backblaze B2, for one, has none); if it has,"
            + " leave out encryption and storage class.",
        fault.getCause());
  }

  InvalidConfigurationException conditionIgnored() {
    return new InvalidConfigurationException(
        "The server of " + location + " ignores If-None-Match: it overwrites an existing object.",
        "Use a server that honours conditional writes: without them, two writers could lose data.");
  }
}
