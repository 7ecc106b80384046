/** Compaction: options and summary, and the segments that it leaves without readers. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.upkeep;

import org.jspecify.annotations.NullMarked;
