/**
 * Backups and restores that run by themselves, beside a living system, until they are closed:
 * {@link com.fulcrologic.datomiccloudbackup.jobs.BackupJob}, {@link
 * com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower}, and both at once.
 *
 * <p>They decide when to call {@code Cloning}, and what to do when it fails; how a backup or a
 * restore is made may not enter.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.jobs;

import org.jspecify.annotations.NullMarked;
