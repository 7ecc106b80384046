/**
 * Where backups are kept: {@link com.fulcrologic.datomiccloudbackup.store.BackupStore} and its
 * implementations. A store deals in bytes under keys; anything of a database may not enter.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store;

import org.jspecify.annotations.NullMarked;
