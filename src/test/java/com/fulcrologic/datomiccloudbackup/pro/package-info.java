/** Tests on Datomic Pro, through its real peer library, in a process of their own. */
@NullMarked
package com.fulcrologic.datomiccloudbackup.pro;

import org.jspecify.annotations.NullMarked;
