package com.fulcrologic.datomiccloudbackup.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a command.
 *
 * @param lines for people
 * @param json the same for programs, as {@link Json} accepts it
 * @param problem the reason why a command without a failure does not end with 0
 */
record Report(List<String> lines, Map<String, Object> json, Optional<Problem> problem) {
  Report(List<String> lines, Map<String, Object> json) {
    this(lines, json, Optional.empty());
  }
}
