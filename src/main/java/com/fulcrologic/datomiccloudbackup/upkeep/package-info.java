/**
 * Compaction: options and summary, and the segments that it leaves without readers. Stored
 * baselines: options, and what is stored.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.upkeep;

import org.jspecify.annotations.NullMarked;
