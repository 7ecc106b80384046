package com.fulcrologic.datomiccloudbackup;

/** What one call of {@code backupNextSegment} did. */
public sealed interface BackupOutcome permits BackedUpSegment, NothingNewToBackUp {}
