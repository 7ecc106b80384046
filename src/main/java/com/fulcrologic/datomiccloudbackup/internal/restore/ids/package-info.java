/**
 * The source's ids and the target's. {@code Mentions} collects the ids that a transaction mentions.
 * {@code IdMap} maps one to the other. {@code IdsInFlight} holds the ids that are on their way.
 * Nothing here waits for a transaction: {@code SegmentReplay} does.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import org.jspecify.annotations.NullMarked;
