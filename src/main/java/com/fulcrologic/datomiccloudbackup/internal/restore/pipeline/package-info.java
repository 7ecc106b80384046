/**
 * Transactions in flight: {@code Pipeline} sends steps, each linked to the one before, notices
 * which are committed, and resends what was lost or refused for its order. {@code Couriers} carry
 * the calls, {@code FlightControl} decides how many are in flight and with which distance, {@code
 * Flight} is one step under way.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import org.jspecify.annotations.NullMarked;
