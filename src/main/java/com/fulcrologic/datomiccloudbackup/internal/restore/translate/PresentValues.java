package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import java.util.Map;
import java.util.Optional;

/**
 * The answers to the questions of one transaction, as of the transaction before it.
 *
 * @param answers a value that the entity has, one of them where there are several; empty when it
 *     has none
 */
public record PresentValues(Map<Question, Optional<Object>> answers) {
  public static final PresentValues NONE = new PresentValues(Map.of());

  public PresentValues {
    answers = Map.copyOf(answers);
  }

  /** The answer to a question that was asked before. */
  Optional<Object> to(Question question) {
    Optional<Object> answer = answers.get(question);
    if (answer == null) {
      throw new IllegalStateException("this question was not asked before the translation");
    }
    return answer;
  }
}
