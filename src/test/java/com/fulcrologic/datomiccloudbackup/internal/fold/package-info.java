@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.fold;

import org.jspecify.annotations.NullMarked;
