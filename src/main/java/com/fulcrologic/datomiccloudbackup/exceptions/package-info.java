/**
 * The exceptions of this library: one for each decision that a caller can make. All extend {@code
 * BackupException}; a refusal or failure of Datomic itself is an {@code AnomalyException}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.exceptions;

import org.jspecify.annotations.NullMarked;
