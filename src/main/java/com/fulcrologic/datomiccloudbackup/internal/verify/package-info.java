/**
 * The proof that a restored log equals its source's log, and a stored log equals the live log.
 * {@code Verification} is the entrance; {@code RestoredComparison} and {@code StoredComparison}
 * compare logs, {@code TransactionComparison} one transaction of the source with the restored one,
 * and {@code StateComparison} the state with which a target begins. {@code TargetClaim} reads the
 * claim of a target anew, and {@code IdPairs} hold which ids are the same entity.
 *
 * <p>This package knows what a log is and what a restore promises, but not how a restore works. It
 * must not use code of the packages that make backups and restores: a fault there would confirm
 * itself.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.verify;

import org.jspecify.annotations.NullMarked;
