/**
 * Loads the state of a baseline into an empty target. {@code BaselineLoad} holds the control flow.
 * {@code SchemaPart} has to be there first, and {@code EntityBatches} cuts the rest into batches.
 * {@code PutOff} holds back what must wait, and {@code MentionedOnly} finds the entities that are
 * only referred to. {@code BatchSender} transacts each batch once, several at a time, in any order.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import org.jspecify.annotations.NullMarked;
