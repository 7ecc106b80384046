/**
 * One backup in a store, by range: which segments are stored, what is missing, which database owns
 * the name, and how far the backup is behind its source. Deals in bytes under keys through {@link
 * com.fulcrologic.datomiccloudbackup.store.BackupStore}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.stored;

import org.jspecify.annotations.NullMarked;
