/**
 * Meters for Micrometer. A caller that uses them adds Micrometer to the class path: nothing else in
 * this library needs it. No other package may name it.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.metrics;

import org.jspecify.annotations.NullMarked;
