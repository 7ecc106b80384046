package com.fulcrologic.datomiccloudbackup.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a command: lines for people, the same for programs, and why it does not end with 0.
 */
record Report(List<String> lines, Map<String, Object> json, Optional<Problem> problem) {
  Report(List<String> lines, Map<String, Object> json) {
    this(lines, json, Optional.empty());
  }
}
