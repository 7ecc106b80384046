/** Looks up what a translation needs of the target: ids and present values. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.lookup;

import org.jspecify.annotations.NullMarked;
