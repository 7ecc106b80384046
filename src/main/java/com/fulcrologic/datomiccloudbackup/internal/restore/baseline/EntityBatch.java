package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * Entities of a state, with all that is said of them, in the source's terms.
 *
 * @param made the entities that the batch makes
 * @param continues whether its first datoms are of an entity that the batch before makes
 * @param now the datoms to send with the batch
 * @param later those that refer to an entity of another batch
 * @param composites the composites' datoms
 * @param instants the dates of the transactions among the entities made
 * @param silent the dates of the transactions of which nothing else is said
 * @param ofLast datoms of, and references to, the state's last transaction
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EntityBatch(
    long[] made,
    boolean continues,
    List<Datom> now,
    List<Datom> later,
    List<Datom> composites,
    Map<Long, Date> instants,
    Map<Long, Date> silent,
    List<Datom> ofLast) {}
