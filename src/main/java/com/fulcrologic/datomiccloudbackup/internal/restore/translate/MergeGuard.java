package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues.Question;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection.Selected;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a rewrite that makes two values of one entity and attribute equal. The target would hold
 * one value for both, and lose it with the first that the source retracts.
 */
record MergeGuard(Selection selection, TargetTerms terms, AttributeFilter filter) {
  private record Value(long e, long a, Object value) {}

  /** Adds the questions whether an asserted value is in the target already. */
  void ask(List<Question> questions) {
    for (Datom datom : rewrittenMany()) {
      Question question = question(datom);
      if (question != null) {
        questions.add(question);
      }
    }
  }

  void check(PresentValues present) {
    Map<Value, Object> sources = new HashMap<>();
    for (Datom datom : rewrittenMany()) {
      Attribute attribute = attribute(datom);
      Object rewritten = UniqueCheck.comparable(terms.value(datom, attribute));
      Object source =
          sources.putIfAbsent(
              new Value(datom.e(), datom.a(), rewritten), UniqueCheck.comparable(datom.v()));
      Question question = question(datom);
      if ((source != null && !source.equals(UniqueCheck.comparable(datom.v())))
          || (question != null && present.to(question).isPresent())) {
        throw merges(attribute);
      }
    }
  }

  private List<Datom> rewrittenMany() {
    if (!filter.rewrites()) {
      return List.of();
    }
    return selection.datoms().stream()
        .map(Selected::datom)
        .filter(datom -> filter.mayMerge(datom.a()) && attribute(datom).many())
        .toList();
  }

  private @Nullable Question question(Datom datom) {
    Attribute attribute = attribute(datom);
    boolean mayBePresent =
        datom.added() && terms.references(datom, attribute).stream().noneMatch(terms::isNew);
    return mayBePresent && terms.id(datom.e()) instanceof Long entity
        ? new Question(entity, datom.a(), terms.value(datom, attribute))
        : null;
  }

  /** Only attributes of the source's schema are rewritten. */
  private Attribute attribute(Datom datom) {
    return Objects.requireNonNull(selection.schema().attribute(datom.a()));
  }

  private InvalidConfigurationException merges(Attribute attribute) {
    return new InvalidConfigurationException(
        "Failed to restore t %s: the rewrite of %s makes two values of one entity equal"
            .formatted(selection.transaction().t(), attribute.ident()),
        "rewrite it so that different values stay different, or exclude it");
  }
}
