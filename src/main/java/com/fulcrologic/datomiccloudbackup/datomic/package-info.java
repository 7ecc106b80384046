/**
 * The access to Clojure: a client, a connection, transactions and datoms as Java types.
 *
 * <p>{@code Retries} repeats a read of a source or a target; who reads decides by it. {@code Calls}
 * bounds each call of a remote system, and repeats none.
 *
 * <p>This is the only package that calls Clojure functions. It must not know anything of backups,
 * only of databases.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.datomic;

import org.jspecify.annotations.NullMarked;
