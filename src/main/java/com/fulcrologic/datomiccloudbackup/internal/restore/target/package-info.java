/**
 * The part of a target that is not the source's facts (decision 0002): {@code Claim} and {@code
 * Installation} begin a restore, {@code TargetPosition} says how far it got, each {@code Step}
 * moves it, {@code Completion} states what found no room. {@code TargetInspector} reads all of it
 * back, from the target alone; {@code Claiming} decides whether a restore may continue there.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import org.jspecify.annotations.NullMarked;
