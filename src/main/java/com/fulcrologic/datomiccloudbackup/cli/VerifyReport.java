package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.RedactionRule;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport.Baseline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reports the findings of a comparison, for people and for programs. */
final class VerifyReport {
  private VerifyReport() {}

  static Map<String, Object> json(VerificationReport result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("equal", result.isEqual());
    json.put("source", result.source());
    json.put("target", result.target());
    json.put("range", result.range().map(Json::range));
    json.put("baseline", result.baseline().map(VerifyReport::json));
    json.put("transactions", result.transactionCount());
    json.put("datoms", result.datomCount());
    json.put("entities", result.entityCount());
    json.put("datomsWithoutValue", result.datomsWithoutValueCount());
    json.put("mergedDatoms", result.mergedDatomCount());
    json.put("excluded", List.copyOf(result.excludedAttributes()));
    json.put("included", List.copyOf(result.includedAttributes()));
    json.put("rewritten", List.copyOf(result.rewrittenAttributes()));
    json.put("masked", List.copyOf(result.maskedAttributes()));
    json.put("redactions", result.redactions().stream().map(VerifyReport::json).toList());
    Map<String, Object> counts = new LinkedHashMap<>();
    result.differenceCounts().forEach((kind, count) -> counts.put(Json.name(kind), count));
    json.put("differenceCounts", counts);
    json.put("differences", result.differences().stream().map(VerifyReport::json).toList());
    json.put("sha256", result.sha256());
    json.put("begun", result.begun());
    json.put("seconds", Words.seconds(result.duration()));
    json.put("versions", result.versions());
    return json;
  }

  static List<String> lines(VerificationReport result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "compared "
            + result.target()
            + " with "
            + result.source()
            + ": "
            + result.range().map(range -> range + ", ").orElse("")
            + Words.counted(result.transactionCount(), "transaction")
            + ", "
            + Words.counted(result.datomCount(), "datom")
            + ", in "
            + Words.duration(result.duration()));
    result.baseline().ifPresent(baseline -> lines.add(line(baseline)));
    addFilters("excluded", result.excludedAttributes(), lines);
    addFilters("included", result.includedAttributes(), lines);
    addFilters("rewritten", result.rewrittenAttributes(), lines);
    addFilters("masked", result.maskedAttributes(), lines);
    result.redactions().forEach(rule -> lines.add(line(rule)));
    if (result.datomsWithoutValueCount() > 0) {
      lines.add(
          "  compared without their values: "
              + Words.counted(result.datomsWithoutValueCount(), "datom"));
    }
    lines.add("  SHA-256 of what was compared: " + result.sha256());
    result.differences().forEach(difference -> lines.add(line(difference)));
    if (result.isEqual()) {
      lines.add("equal");
    }
    return lines;
  }

  /** A rule of a backup. */
  static String line(RedactionRule rule) {
    return "  rule "
        + rule.id()
        + ": "
        + rule.leftOutAttribute()
            .map(ident -> ident + " is left out")
            .orElseGet(
                () ->
                    Words.count(rule.erasedEntityCount())
                        + (rule.erasedEntityCount() == 1 ? " entity is" : " entities are")
                        + " erased");
  }

  /** A rule of a backup as an object. */
  static Map<String, Object> json(RedactionRule rule) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", rule.id());
    json.put("leftOut", rule.leftOutAttribute());
    json.put("erasedEntities", rule.erasedEntityCount());
    return json;
  }

  private static void addFilters(String what, Set<String> idents, List<String> lines) {
    if (!idents.isEmpty()) {
      lines.add("  " + what + ": " + String.join(" ", idents));
    }
  }

  static Optional<Problem> problem(VerificationReport result) {
    if (result.isEqual()) {
      return Optional.empty();
    }
    List<String> counts = new ArrayList<>();
    result
        .differenceCounts()
        .forEach((kind, count) -> counts.add(Words.count(count) + " " + Json.name(kind)));
    return Optional.of(
        new Problem(
            ExitCode.LOGS_DIFFER,
            "the logs differ: " + String.join(", ", counts),
            "if only the end is missing, continue the restore; else restore into a new database"));
  }

  private static String line(Baseline baseline) {
    return "  baseline t %s compared by its state: %s without Datomic's own%s"
        .formatted(
            baseline.t(),
            Words.counted(baseline.datomCount(), "datom"),
            baseline.datomsWithoutValueCount() == 0
                ? ""
                : ", "
                    + Words.count(baseline.datomsWithoutValueCount())
                    + " of them without their values");
  }

  private static Map<String, Object> json(Baseline baseline) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("t", baseline.t());
    json.put("datoms", baseline.datomCount());
    json.put("datomsWithoutValue", baseline.datomsWithoutValueCount());
    json.put("mergedDatoms", baseline.mergedDatomCount());
    return json;
  }

  private static String line(Difference difference) {
    StringBuilder line = new StringBuilder(Json.name(difference.kind())).append(':');
    append(line, "t", difference.sourceT());
    append(line, "entity", difference.sourceEntity());
    append(line, "target t", difference.targetT());
    append(line, "target entity", difference.targetEntity());
    difference.attribute().ifPresent(attribute -> line.append(' ').append(attribute));
    difference.sourceValue().ifPresent(value -> line.append(" source: ").append(value));
    difference.targetValue().ifPresent(value -> line.append(" target: ").append(value));
    return line.toString();
  }

  private static void append(StringBuilder line, String what, OptionalLong number) {
    number.ifPresent(value -> line.append(' ').append(what).append(' ').append(value));
  }

  private static Map<String, Object> json(Difference difference) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", Json.name(difference.kind()));
    json.put("sourceT", difference.sourceT());
    json.put("targetT", difference.targetT());
    json.put("sourceEntity", id(difference.sourceEntity()));
    json.put("targetEntity", id(difference.targetEntity()));
    json.put("attribute", difference.attribute());
    difference.sourceValue().ifPresent(value -> json.put("sourceValue", value));
    difference.targetValue().ifPresent(value -> json.put("targetValue", value));
    return json;
  }

  /** An id as a string: ids are larger than the integers that JavaScript can hold. */
  private static Optional<String> id(OptionalLong id) {
    return id.isEmpty() ? Optional.empty() : Optional.of(String.valueOf(id.getAsLong()));
  }
}
