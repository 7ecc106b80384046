/** Tests of the load of a baseline, batch by batch. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import org.jspecify.annotations.NullMarked;
