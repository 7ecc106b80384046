package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.RedactionRule;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reports the findings of a comparison, for people and for programs. */
final class VerifyReport {
  private VerifyReport() {}

  static Map<String, Object> json(VerificationReport result) {
    return Json.object(
        "equal", result.isEqual(),
        "source", result.source(),
        "target", result.target(),
        "range", result.range().map(Json::range),
        "baseline", result.baseline().map(VerifyReport::json),
        "transactions", result.transactionCount(),
        "datoms", result.datomCount(),
        "entities", result.entityCount(),
        "datomsWithoutValue", result.datomsWithoutValueCount(),
        "mergedDatoms", result.mergedDatomCount(),
        "excluded", result.excludedAttributes(),
        "included", result.includedAttributes(),
        "rewritten", result.rewrittenAttributes(),
        "masked", result.maskedAttributes(),
        "redactions", result.redactions().stream().map(VerifyReport::json).toList(),
        "differenceCounts", Json.counts(result.differenceCounts()),
        "differences", result.differences().stream().map(VerifyReport::json).toList(),
        "sha256", result.sha256(),
        "begun", result.begun(),
        "seconds", Words.seconds(result.duration()),
        "versions", result.versions());
  }

  static List<String> lines(VerificationReport result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "compared %s with %s: %s%s, %s, in %s"
            .formatted(
                result.target(),
                result.source(),
                result.range().map(range -> range + ", ").orElse(""),
                Words.counted(result.transactionCount(), "transaction"),
                Words.counted(result.datomCount(), "datom"),
                Words.duration(result.duration())));
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

  static String line(RedactionRule rule) {
    long erased = rule.erasedEntityCount();
    String effect =
        rule.leftOutAttribute()
            .map(ident -> ident + " is left out")
            .orElseGet(
                () ->
                    Words.count(erased)
                        + (erased == 1 ? " entity is" : " entities are")
                        + " erased");
    return "  rule " + rule.id() + ": " + effect;
  }

  static Map<String, Object> json(RedactionRule rule) {
    return Json.object(
        "id", rule.id(),
        "leftOut", rule.leftOutAttribute(),
        "erasedEntities", rule.erasedEntityCount());
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
    return Json.object(
        "t", baseline.t(),
        "datoms", baseline.datomCount(),
        "datomsWithoutValue", baseline.datomsWithoutValueCount(),
        "mergedDatoms", baseline.mergedDatomCount());
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
    Map<String, Object> json =
        Json.object(
            "kind", Json.name(difference.kind()),
            "sourceT", difference.sourceT(),
            "targetT", difference.targetT(),
            "sourceEntity", id(difference.sourceEntity()),
            "targetEntity", id(difference.targetEntity()),
            "attribute", difference.attribute());
    difference.sourceValue().ifPresent(value -> json.put("sourceValue", value));
    difference.targetValue().ifPresent(value -> json.put("targetValue", value));
    return json;
  }

  /** An id as a string: ids are larger than the integers that JavaScript can hold. */
  private static Optional<String> id(OptionalLong id) {
    return id.stream().mapToObj(String::valueOf).findFirst();
  }
}
