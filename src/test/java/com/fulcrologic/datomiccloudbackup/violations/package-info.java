/** A house in ruins: each class breaks one rule, so that a test can see the rule catch it. */
package com.fulcrologic.datomiccloudbackup.violations;
