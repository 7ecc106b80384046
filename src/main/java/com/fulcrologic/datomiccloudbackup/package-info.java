/**
 * The names for callers, an Ion among them: the facade {@code Cloning}, its options, its outcomes
 * and its failures.
 *
 * <p>Every package may use this vocabulary, so nothing here but {@code Cloning} and {@code
 * RestoreSession} may use another package.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup;

import org.jspecify.annotations.NullMarked;
