/**
 * The reads of a target for a translation, with retries: {@code TargetReader} looks up ids and
 * present values.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.lookup;

import org.jspecify.annotations.NullMarked;
