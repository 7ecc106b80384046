/**
 * The soundness of a store: every segment is there, whole, and follows the one before it. Needs no
 * database.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.check;

import org.jspecify.annotations.NullMarked;
