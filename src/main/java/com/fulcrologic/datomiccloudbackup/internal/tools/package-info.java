/** The few JDK helpers that several packages share. Uses none of those packages. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.tools;

import org.jspecify.annotations.NullMarked;
