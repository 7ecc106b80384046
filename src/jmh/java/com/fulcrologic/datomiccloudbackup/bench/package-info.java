/**
 * Benchmarks of whole runs: ratios, taken in one process, of candidates that alternate. What they
 * mean, and what they said, is in {@code docs/performance.adoc}.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.bench;

import org.jspecify.annotations.NullMarked;
