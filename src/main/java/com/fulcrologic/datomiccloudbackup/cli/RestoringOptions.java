package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of each command that restores: filters, and the transactions in flight. */
final class RestoringOptions {
  private static final int SALT_SIZE_MAX = 4096;

  @Option(
      names = "--exclude",
      paramLabel = ":ATTR",
      description =
          "Leaves out the datoms of this attribute, or of all in a namespace, as in :person/*; may"
              + " be repeated.")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--include",
      paramLabel = ":ATTR",
      description =
          "Carries the datoms of this attribute, or of all in a namespace, as in :person/*; leaves"
              + " out those of all other attributes of yours. May be repeated.")
  private List<String> included = new ArrayList<>();

  @Option(
      names = "--mask",
      paramLabel = ":ATTR=MASK",
      description =
          "Replaces the values of this attribute: hash, fake, null-out or truncate:N; may be"
              + " repeated.")
  private List<String> masks = new ArrayList<>();

  @Option(
      names = "--mask-salt",
      paramLabel = "FILE",
      description =
          "A file with a secret of 16 random bytes or more, on which the masks hash and fake"
              + " depend.")
  private @Nullable String saltFile;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "The most transactions in flight, 1 to 32; if not given, as many as make the restore"
              + " faster, up to 16.")
  private int inFlightCountMax = TransactionsInFlight.ADAPTIVE.countMax();

  RestoreOptions options() {
    RestoreOptions options =
        RestoreOptions.DEFAULTS.withInFlight(TransactionsInFlight.upTo(inFlightCountMax));
    for (String ident : excluded) {
      options = options.excluding(ident);
    }
    for (String ident : included) {
      options = options.including(ident);
    }
    for (String mask : masks) {
      options = masking(mask, options);
    }
    if (saltFile == null) {
      return options;
    }
    Usage.refuseIf(
        options.masks().values().stream().noneMatch(Mask::needsSalt),
        "--mask-salt is given, and no mask depends on it",
        "leave it out, or give a mask hash or fake");
    return options.withMaskSalt(salt(saltFile));
  }

  private static RestoreOptions masking(String text, RestoreOptions options) {
    int end = text.lastIndexOf('=');
    Usage.refuseIf(
        end < 1,
        "--mask is not an attribute and a mask: " + text,
        "write it like :person/email=hash");
    String ident = text.substring(0, end);
    Usage.refuseIf(
        options.masks().containsKey(ident),
        "--mask is given twice for " + ident,
        "leave one of them out");
    try {
      return options.withMask(ident, Mask.parse(text.substring(end + 1)));
    } catch (IllegalArgumentException unknown) {
      throw new InvalidConfigurationException(
          "--mask names no mask: " + text,
          "the masks are hash, fake, null-out, and truncate:N with an N of 1 or more",
          unknown);
    }
  }

  /**
   * All bytes of the file, a line break at its end included. A name that is no file may be the
   * secret itself, so that no message has it.
   */
  private static byte[] salt(String file) {
    byte[] salt =
        Usage.bytes(
            "--mask-salt",
            file,
            SALT_SIZE_MAX,
            "name a file that this user can read, not the secret itself");
    Usage.refuseIf(
        salt.length < Mask.SALT_SIZE_MIN || salt.length > SALT_SIZE_MAX,
        "--mask-salt has %s bytes: %s"
            .formatted(
                salt.length > SALT_SIZE_MAX ? "more than " + SALT_SIZE_MAX : salt.length, file),
        "make a file of 32 random bytes: head -c 32 /dev/urandom > mask.salt");
    return salt;
  }
}
