/**
 * What a store that is written to for years needs: {@link
 * com.fulcrologic.datomiccloudbackup.internal.upkeep.Compaction} writes larger segments over many
 * small ones.
 *
 * <p>Everything here reads a store and writes to it; a connection to a database may not enter, and
 * nothing is ever removed.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import org.jspecify.annotations.NullMarked;
