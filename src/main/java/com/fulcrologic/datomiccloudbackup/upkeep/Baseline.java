package com.fulcrologic.datomiccloudbackup.upkeep;

import java.time.Instant;

/**
 * A stored baseline: the state of the database as of one t, with which a restore may begin.
 *
 * @param t the last transaction of the state
 * @param instant the date of that transaction; the epoch for one of a bootstrap
 * @param datomCount how many datoms the state has
 * @param partCount how many objects hold them
 */
public record Baseline(long t, Instant instant, long datomCount, int partCount) {}
