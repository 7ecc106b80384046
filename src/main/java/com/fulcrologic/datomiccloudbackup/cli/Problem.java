package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.SegmentGapException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a command does not end with 0.
 *
 * @param exitCode what it ends with instead
 * @param message what is wrong, in one line
 * @param hint what to do, in one line
 * @param details more for programs, as {@link Json} takes it
 */
record Problem(int exitCode, String message, String hint, Map<String, Object> details) {

  Problem {
    message = oneLine(message);
    hint = oneLine(hint);
  }

  Problem(int exitCode, String message, String hint) {
    this(exitCode, message, hint, Map.of());
  }

  /** Of a failure that is not this library's, the class alone is told: its text may hold values. */
  static Problem of(Throwable failure) {
    int exitCode = ExitCode.of(failure);
    if (failure instanceof SegmentGapException gap) {
      return new Problem(
          exitCode, message(gap), gap.hint(), Map.of("missing", Json.range(gap.missing())));
    }
    if (failure instanceof BackupException known) {
      return new Problem(exitCode, message(known), known.hint());
    }
    return new Problem(
        exitCode,
        "unexpected " + failure.getClass().getName(),
        "this is a defect: run it again with " + Command.VERBOSE + ", and report the trace");
  }

  /** As the {@code error} of the JSON object. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", exitCode);
    json.put("message", message);
    json.put("hint", hint);
    json.putAll(details);
    return json;
  }

  private static String message(BackupException known) {
    String message = known.getMessage();
    return message == null ? known.getClass().getSimpleName() : message;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
