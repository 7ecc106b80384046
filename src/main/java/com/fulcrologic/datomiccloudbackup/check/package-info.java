/** The soundness of a store: options, findings and report. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.check;

import org.jspecify.annotations.NullMarked;
