package com.fulcrologic.datomiccloudbackup;

import java.util.Optional;

/**
 * The result of the backup of one database among all of a system: either a summary or a failure.
 *
 * @param name the name of the database, and of its backup in the store
 * @param summary the summary; empty when the backup failed
 * @param failure the exception that a backup of this database alone would have thrown; empty when
 *     the backup succeeded
 */
public record DatabaseBackup(
    String name, Optional<BackupSummary> summary, Optional<RuntimeException> failure) {

  /**
   * @throws IllegalArgumentException when there is neither, or both
   */
  public DatabaseBackup {
    if (summary.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException("a backup either went well or failed");
    }
  }
}
