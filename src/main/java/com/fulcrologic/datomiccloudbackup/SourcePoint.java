package com.fulcrologic.datomiccloudbackup;

import java.time.Instant;

/**
 * A transaction of the source, and its date.
 *
 * @param t its t in the source
 * @param instant its date; the epoch for the bootstrap's first ones, which have none
 */
public record SourcePoint(long t, Instant instant) {}
