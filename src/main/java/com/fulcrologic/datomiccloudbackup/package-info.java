/**
 * The names for callers: the facade {@code Cloning}, its options, its outcomes and its failures.
 *
 * <p>Every room may use this vocabulary, so nothing here but {@code Cloning} may use a room.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup;

import org.jspecify.annotations.NullMarked;
