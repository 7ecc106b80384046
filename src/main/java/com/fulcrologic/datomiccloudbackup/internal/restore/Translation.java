package com.fulcrologic.datomiccloudbackup.internal.restore;

import java.util.List;
import java.util.SortedSet;

/**
 * A source transaction in the target's terms, without the bookkeeping.
 *
 * @param forms the tx-data
 * @param newIds the source ids of the entities that it makes
 * @param amongSchema those of them that Datomic makes among the schema since an attribute refers to
 *     them as its component, or which belong there by themselves. It does so only where nothing but
 *     what the source said is said of them first
 * @param toBeMadeBefore those of them that must be in the target before, since a unique value moves
 *     to them within the transaction: under a tempid, Datomic would take them for the value's
 *     former owner
 * @param forecast what Datomic is to log for it
 * @param rewrittenUniques the idents of unique attributes of which it holds rewritten values
 */
record Translation(
    List<Object> forms,
    NewIds newIds,
    NewIds amongSchema,
    NewIds toBeMadeBefore,
    Forecast forecast,
    SortedSet<String> rewrittenUniques) {}
