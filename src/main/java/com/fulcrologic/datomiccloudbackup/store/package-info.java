/**
 * Where backups are kept: {@link com.fulcrologic.datomiccloudbackup.store.BackupStore}, its
 * implementations, and {@link com.fulcrologic.datomiccloudbackup.store.StoredBackup}, which speaks
 * of one backup by range instead of by key.
 *
 * <p>A store itself deals in bytes under keys; anything of a database may not enter.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store;

import org.jspecify.annotations.NullMarked;
