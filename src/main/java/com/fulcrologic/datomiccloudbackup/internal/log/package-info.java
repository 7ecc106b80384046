/**
 * What both sides, backup and restore, know of a log: its schema as of a t, Datomic's built-ins,
 * the identity of the database behind it, and the idents of this library's bookkeeping.
 *
 * <p>Nothing that reads or writes a database or a store may enter.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.log;

import org.jspecify.annotations.NullMarked;
