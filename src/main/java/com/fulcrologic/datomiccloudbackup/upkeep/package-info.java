/**
 * Compaction: options and summary, and the segments that it leaves without readers. Stored
 * baselines: options, and what is stored. Copies of backups: options and summary.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.upkeep;

import org.jspecify.annotations.NullMarked;
