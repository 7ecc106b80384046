/**
 * One backup in a store, by range: its segments, its gaps, its baselines, its claims and its lag
 * behind the source. {@code StoredBackup} is the entrance. A {@code SourceClaim} states which
 * database the backup belongs to, and {@code Ownership} is what all claims of a backup say. Reads
 * and writes bytes under keys through {@link com.fulcrologic.datomiccloudbackup.store.BackupStore}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.stored;

import org.jspecify.annotations.NullMarked;
