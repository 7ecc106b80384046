package com.fulcrologic.datomiccloudbackup.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command has to say at its end.
 *
 * @param lines for people
 * @param json the same for programs, as {@link Json} takes it
 * @param problem why, although it went well, the command does not end with 0
 */
record Report(List<String> lines, Map<String, Object> json, Optional<Problem> problem) {
  Report(List<String> lines, Map<String, Object> json) {
    this(lines, json, Optional.empty());
  }
}
