package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import java.util.List;

/**
 * A source transaction in the target's terms, without the bookkeeping.
 *
 * @param forms the tx-data
 * @param forecast the datoms that Datomic is to log for it
 */
public record Translation(List<Object> forms, Forecast forecast) {}
