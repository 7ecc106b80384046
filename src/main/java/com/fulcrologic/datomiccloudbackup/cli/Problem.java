package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import java.util.Map;

/**
 * Why a command does not end with 0, and the remedy; with details for programs, for {@link Json}.
 */
record Problem(int exitCode, String message, String hint, Map<String, Object> details) {

  /** From words of the library's hints, which name no flag, to words with the flag. */
  static final Map<String, String> FLAGS =
      Map.of(
          "adopt it;", "adopt it with --adopt;",
          "adopt the excision to continue", "continue with --adopt-excision",
          "continue from t ", "continue with --from-t ",
          "a check at level decode", "check --level decode",
          "Give the keyset file", "Give, with --keys, the keyset file");

  Problem {
    message = oneLine(message);
    hint = oneLine(hint);
  }

  Problem(int exitCode, String message, String hint) {
    this(exitCode, message, hint, Map.of());
  }

  /** The problem of a failure; of a foreign one only the class, since its text may hold values. */
  static Problem of(Throwable failure) {
    int exitCode = ExitCode.of(failure);
    if (failure instanceof BackupException known) {
      Map<String, Object> details =
          known instanceof SegmentGapException gap
              ? Map.of("missing", Json.range(gap.missing()))
              : Map.of();
      return new Problem(exitCode, message(known), hint(known), details);
    }
    return new Problem(
        exitCode,
        "unexpected " + failure.getClass().getName(),
        "this is a defect: run it again with " + Command.VERBOSE + ", and report the trace");
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = Json.object("code", exitCode, "message", message, "hint", hint);
    json.putAll(details);
    return json;
  }

  private static String hint(BackupException known) {
    String hint = known.hint();
    for (Map.Entry<String, String> flag : FLAGS.entrySet()) {
      hint = hint.replace(flag.getKey(), flag.getValue());
    }
    return hint;
  }

  private static String message(BackupException known) {
    String message = known.getMessage();
    return message == null ? known.getClass().getSimpleName() : message;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
