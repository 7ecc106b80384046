/**
 * The upkeep of a store over years: {@link
 * com.fulcrologic.datomiccloudbackup.internal.upkeep.Compaction} writes larger segments over many
 * small ones, and {@link com.fulcrologic.datomiccloudbackup.internal.upkeep.BackupCopy} copies a
 * backup, with or without what rules leave out. {@code CopyClaims} makes the rules of a copy, and
 * records them.
 *
 * <p>This package reads and writes a store, and never removes anything from it. It must not use a
 * connection to a database.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import org.jspecify.annotations.NullMarked;
