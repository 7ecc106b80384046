/**
 * The check of a store: every segment is present and intact, and follows the one before it. Needs
 * no database.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.check;

import org.jspecify.annotations.NullMarked;
