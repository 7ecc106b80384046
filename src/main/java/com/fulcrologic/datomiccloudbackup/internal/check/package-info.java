/**
 * The check of a store: every segment is present and intact, and follows the one before it. Needs
 * no database. {@code StoreCheck} is the entrance, and has a class for each part: {@code
 * SegmentCheck}, {@code ChainCheck}, {@code BaselineCheck} and {@code ReceiptCheck}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.check;

import org.jspecify.annotations.NullMarked;
