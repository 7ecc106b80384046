/**
 * One backup in a store, by range: its segments, its gaps, the database that owns its name, and its
 * lag behind the source. Reads and writes bytes under keys through {@link
 * com.fulcrologic.datomiccloudbackup.store.BackupStore}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.stored;

import org.jspecify.annotations.NullMarked;
