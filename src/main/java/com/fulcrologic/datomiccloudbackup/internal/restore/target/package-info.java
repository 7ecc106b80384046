/**
 * The bookkeeping of a restore in its target. {@code Claim} states whose restore the target is;
 * {@code Claiming} writes it into an empty target, or recognizes it. {@code TargetPosition} states
 * how far the restore got, and each {@code Step} moves it. {@code TargetInspector} reads all of it
 * back, from the target alone.
 *
 * <p>The claim of a backup, by its source, is {@code SourceClaim} in {@code internal.stored}. For
 * the format see {@code docs/decisions/0002-target-format.adoc}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import org.jspecify.annotations.NullMarked;
