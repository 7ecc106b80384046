/**
 * The access to Clojure: a client, a connection, transactions and datoms as Java types.
 *
 * <p>This is the only package that calls Clojure functions. It must not know anything of backups,
 * only of databases.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.datomic;

import org.jspecify.annotations.NullMarked;
