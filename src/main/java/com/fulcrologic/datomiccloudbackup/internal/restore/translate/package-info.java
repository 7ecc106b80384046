/**
 * The translation of source transactions into tx-data, pure: nothing here reads, sends, waits or
 * learns. A transaction passes {@code Selection} (which datoms the target has to hold, by {@code
 * TransactionShape} and {@code AttributeFilter}), {@code NewEntities} (which entities it makes),
 * and {@code Translator}, which makes the forms in {@code TargetTerms}. {@code TransactionShape}
 * has the rules for a whole transaction: a retraction that an assertion replaces is one. {@code
 * Composite} and {@code MergeGuard} state the rules that need present values of the target, as
 * {@code Question}s. {@code TargetCheck} finds data that the target's Datomic cannot hold.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import org.jspecify.annotations.NullMarked;
