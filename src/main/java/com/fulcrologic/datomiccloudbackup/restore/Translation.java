package com.fulcrologic.datomiccloudbackup.restore;

import java.util.List;

/**
 * A source transaction in the target's terms, without the bookkeeping.
 *
 * @param forms the tx-data
 * @param newIds the source ids of the entities that it makes
 * @param newAttributeIds those of them that are attributes
 * @param toBeMadeBefore those of them that must be in the target before, since a unique value moves
 *     to them within the transaction: under a tempid, Datomic would take them for the value's
 *     former owner
 */
record Translation(
    List<Object> forms, NewIds newIds, NewIds newAttributeIds, NewIds toBeMadeBefore) {}
