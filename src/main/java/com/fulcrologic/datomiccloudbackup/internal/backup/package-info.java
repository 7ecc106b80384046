/**
 * From a connection to segments: reads the log, cuts it into segments, stores them, finds and fills
 * gaps.
 *
 * <p>{@code Backup} is the entrance. {@code SourceGuard} decides which database may write into a
 * backup. Nothing that writes to a database belongs here.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.backup;

import org.jspecify.annotations.NullMarked;
