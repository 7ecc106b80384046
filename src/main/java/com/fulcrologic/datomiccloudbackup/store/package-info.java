/**
 * Storage for backups: {@link com.fulcrologic.datomiccloudbackup.store.BackupStore} and its
 * implementations. A store keeps bytes under keys. This package must not know anything of a
 * database.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store;

import org.jspecify.annotations.NullMarked;
