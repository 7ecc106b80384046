/**
 * One backup in a store, by range: its segments, its gaps, its baselines, its claims and its lag
 * behind the source. {@code StoredBackup} is the entrance. A {@code SourceClaim} states which
 * database the backup belongs to, {@code ClaimCodec} is its bytes, and {@code Ownership} is what
 * all claims of a backup say. {@code BackupKeys} are the keys of all objects. Reads and writes
 * bytes under keys through {@link com.fulcrologic.datomiccloudbackup.store.BackupStore}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.stored;

import org.jspecify.annotations.NullMarked;
