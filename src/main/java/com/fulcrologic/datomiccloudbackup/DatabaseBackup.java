package com.fulcrologic.datomiccloudbackup;

import java.util.Optional;

/**
 * How the backup of one database, among all of its system, came out: either what it stored, or why
 * it failed.
 *
 * @param name the database's name, and its backup's in the store
 * @param summary what was stored; empty when it failed
 * @param failure why it failed, as its own backup would have thrown it; empty when it went well
 */
public record DatabaseBackup(
    String name, Optional<BackupSummary> summary, Optional<RuntimeException> failure) {

  /**
   * @throws IllegalArgumentException when it is neither, or both
   */
  public DatabaseBackup {
    if (summary.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException("a backup either went well or failed");
    }
  }
}
