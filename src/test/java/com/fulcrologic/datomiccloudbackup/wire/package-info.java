/**
 * A stand-in for a Datomic Cloud system, and what the product does over it. The real network client
 * runs against it, unchanged; behind it is a Datomic Local in memory. It speaks the protocol as the
 * client's sources show it, checks signatures, and can be told to fail, to be slow, and to have
 * nodes that are behind each other.
 *
 * <p>The AWS SDK reads its system properties once, so these tests have a JVM of their own.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.wire;

import org.jspecify.annotations.NullMarked;
