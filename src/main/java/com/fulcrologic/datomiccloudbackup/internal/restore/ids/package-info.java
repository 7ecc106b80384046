/**
 * The source's ids and the target's: the ids that a transaction mentions ({@code Mentions}), the
 * map from one to the other ({@code IdMap}), the look-up of ids that the map lacks ({@code
 * IdResolver}), and the ids that are on their way ({@code IdsInFlight}). Nothing here waits for a
 * transaction.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import org.jspecify.annotations.NullMarked;
