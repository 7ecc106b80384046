/** Tests of the Clojure namespace for Ions. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.ion;

import org.jspecify.annotations.NullMarked;
