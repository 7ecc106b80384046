/**
 * How far a backup is behind its source: what is stored, what is missing, and whether the source is
 * still the one that is stored.
 *
 * <p>Only reads. Where a target stands is restore's to say.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.status;

import org.jspecify.annotations.NullMarked;
