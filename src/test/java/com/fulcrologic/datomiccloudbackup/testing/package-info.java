/**
 * What tests of several rooms share: databases, worlds to fill them with, and an independent eye.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.testing;

import org.jspecify.annotations.NullMarked;
