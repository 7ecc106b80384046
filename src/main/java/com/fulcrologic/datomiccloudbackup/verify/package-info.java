/** The proof that a restored or stored log equals its source: options and report. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.verify;

import org.jspecify.annotations.NullMarked;
