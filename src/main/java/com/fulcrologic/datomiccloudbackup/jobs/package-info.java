/**
 * Backups and restores that run by themselves, beside a live system, until they are closed: {@link
 * com.fulcrologic.datomiccloudbackup.jobs.BackupJob}, {@link
 * com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower}, and both at once.
 *
 * <p>A job decides when to call {@code Cloning}, and what to do when a call fails. This package
 * must not contain how a backup or a restore is made.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.jobs;

import org.jspecify.annotations.NullMarked;
