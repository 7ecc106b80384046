package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * A question about the target's present state: which value an entity has.
   *
   * @param entity the target's id
   * @param attribute the source's id
   * @param value a value of the target, when only this one counts
   */
  public record Question(long entity, long attribute, @Nullable Object value) {
    /** Bytes are equal by content. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Question that
          && entity == that.entity
          && attribute == that.attribute
          && Objects.deepEquals(value, that.value);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(entity) + Long.hashCode(attribute);
    }
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
