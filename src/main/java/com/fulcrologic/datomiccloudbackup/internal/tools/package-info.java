/** The few things of the JDK that several rooms need in one form. Knows none of them. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.tools;

import org.jspecify.annotations.NullMarked;
