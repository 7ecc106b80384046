package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import org.jspecify.annotations.Nullable;

/**
 * A question about the target's present state: which value an entity has.
 *
 * @param entity the target's id
 * @param attribute the source's id
 * @param value a value of the target, when only this one counts
 */
public record Question(long entity, long attribute, @Nullable Object value) {}
