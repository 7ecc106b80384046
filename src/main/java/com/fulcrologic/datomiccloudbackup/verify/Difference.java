package com.fulcrologic.datomiccloudbackup.verify;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One difference between a source's log and its copy. A component that does not apply is empty. If
 * only a t is given, the whole transaction differs.
 *
 * @param kind what is wrong
 * @param sourceT the transaction in the source
 * @param targetT the transaction in the target
 * @param sourceEntity the entity's id in the source
 * @param targetEntity the entity's id in the target
 * @param attribute the attribute's ident, as in {@code :person/email}
 * @param sourceValue the value in the source, in EDN, perhaps cut short; only when asked for
 * @param targetValue the value in the target, likewise
 */
public record Difference(
    Kind kind,
    OptionalLong sourceT,
    OptionalLong targetT,
    OptionalLong sourceEntity,
    OptionalLong targetEntity,
    Optional<String> attribute,
    Optional<String> sourceValue,
    Optional<String> targetValue) {

  /** The possible differences. */
  public enum Kind {
    /** The source has a transaction or a datom that the target lacks. */
    MISSING,
    /** The target has one that the source lacks. */
    EXTRA,
    /** The same entity and attribute have another value; {@code :db/txInstant} included. */
    DIFFERENT_VALUE,
    /** A transaction comes in another order; in a stored log, the datoms of one may. */
    DIFFERENT_ORDER,
    /** A source entity has become two, or two have become one. */
    MAPPED_TWICE,
    /** A source entity has no original-id in the target. */
    NOT_MAPPED,
    /** A transaction of the target, or a datom in one, that is neither restored nor bookkeeping. */
    FOREIGN,
    /**
     * The target holds a datom of an attribute that was to be excluded; or its state, an original
     * value of one that was to be masked with hash or fake.
     */
    EXCLUDED,
    /** The target's own records are not what a restore writes. */
    BOOKKEEPING
  }
}
