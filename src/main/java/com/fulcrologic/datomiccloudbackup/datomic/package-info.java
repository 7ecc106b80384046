/**
 * The door to Clojure: a client, a connection, transactions and datoms as Java sees them.
 *
 * <p>The only room that calls Clojure functions. Nothing of backups may enter: it knows databases
 * alone.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.datomic;

import org.jspecify.annotations.NullMarked;
