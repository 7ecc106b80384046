/** The soundness of a store: options, findings and report of {@code Cloning.check}. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.check;

import org.jspecify.annotations.NullMarked;
