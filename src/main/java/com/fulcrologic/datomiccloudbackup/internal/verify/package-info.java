/**
 * The proof that a restored log equals its source's log, and a stored log equals the live log.
 *
 * <p>This package knows what a log is and what a restore promises, but not how a restore works. It
 * must not use code of the packages that make backups and restores: a fault there would confirm
 * itself.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.verify;

import org.jspecify.annotations.NullMarked;
