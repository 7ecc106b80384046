/**
 * The proof: a restored log equals its source's, and a stored one the live one.
 *
 * <p>Knows what a log is and what a restore promises, and nothing of how a restore keeps its
 * promise: no code of the rooms that make backups and restores may enter, or a fault of theirs
 * would prove itself right.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.verify;

import org.jspecify.annotations.NullMarked;
