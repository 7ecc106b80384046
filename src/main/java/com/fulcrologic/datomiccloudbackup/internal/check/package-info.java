/**
 * The check of a store: every byte of a segment is as it was written, and each segment follows the
 * one before it. Needs no database. {@code StoreCheck} is the entrance, and looks at each segment
 * by itself. {@code ChainCheck} compares the segments with each other; {@code BaselineCheck} and
 * {@code ReceiptCheck} check the rest.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.check;

import org.jspecify.annotations.NullMarked;
