/**
 * Meters for Micrometer, which whoever uses them brings along: nothing else in this library needs
 * it, and no other room may name it.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.metrics;

import org.jspecify.annotations.NullMarked;
