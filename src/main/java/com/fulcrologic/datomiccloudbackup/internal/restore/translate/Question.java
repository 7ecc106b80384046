package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
