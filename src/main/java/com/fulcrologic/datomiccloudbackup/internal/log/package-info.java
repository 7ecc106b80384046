/**
 * The parts of a log that backup and restore share: its schema as of a t, Datomic's built-ins, the
 * identity of its database, and the idents of this library's bookkeeping. A {@code Redaction} is
 * the rules by which a backup leaves datoms out, and {@code Redacting} applies it to a log.
 *
 * <p>Code that reads or writes a database or a store does not belong here.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.log;

import org.jspecify.annotations.NullMarked;
