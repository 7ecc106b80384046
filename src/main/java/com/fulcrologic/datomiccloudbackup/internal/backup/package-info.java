/**
 * From a connection to segments: reads the log, cuts it into segments, stores them, finds and fills
 * gaps.
 *
 * <p>{@code Backup} is the public door. Nothing that writes to a database may enter.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.backup;

import org.jspecify.annotations.NullMarked;
