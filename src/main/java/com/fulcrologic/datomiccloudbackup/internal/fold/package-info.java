/**
 * The state of a database as of one t, a baseline: the last word on each value. A {@code State} is
 * computed from the segments ({@code Fold}), or comes from a stored baseline ({@code StoredState}),
 * or from a live database ({@code LiveState}). {@code DatomSorter} is an external merge sort in
 * bounded memory: {@code SortBuffer} sorts a run, {@code RunWriter} and {@code RunReader} write and
 * read it, and {@code Spill} owns the files. {@code ValueBytes} are values as bytes that can be
 * compared.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.fold;

import org.jspecify.annotations.NullMarked;
