/** What is asked of the target before a translation: ids and present values. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.lookup;

import org.jspecify.annotations.NullMarked;
