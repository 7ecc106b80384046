package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection.Selected;

/**
 * The source ids of the entities that a transaction makes.
 *
 * @param all of them
 * @param amongSchema those that Datomic makes among the schema, since an attribute refers to them
 *     as its component, or which belong there by themselves. Datomic does so only if the source's
 *     datoms come first, before any bookkeeping
 * @param toMakeBefore those that must be in the target before the transaction
 */
public record NewEntities(NewIds all, NewIds amongSchema, NewIds toMakeBefore) {
  private static final long FIRST_USER_PARTITION = 4;

  static NewEntities of(Selection selection, TargetTerms terms, AttributeFilter filter) {
    NewEntities found = new NewEntities(new NewIds(), new NewIds(), new NewIds());
    for (Selected selected : selection.datoms()) {
      Datom datom = selected.datom();
      Attribute attribute = selected.attribute();
      if (selected.isComposite()) {
        continue;
      }
      if (terms.isNew(datom.e())) {
        found.all.add(datom.e());
        if (datom.added()
            && attribute != null
            && attribute.unique() != null
            && mayMoveUnique(attribute, selection, filter)) {
          found.makeBefore(datom.e());
        }
      }
      for (long reference : terms.references(datom, attribute)) {
        found.addReference(reference, datom, terms);
      }
    }
    return found;
  }

  private void addReference(long reference, Datom datom, TargetTerms terms) {
    if (terms.isNew(reference)) {
      all.add(reference);
      if (datom.e() >> Transaction.INDEX_BITS < FIRST_USER_PARTITION) {
        makeBefore(reference);
      }
    }
  }

  /**
   * Under a tempid, Datomic would take the new entity for the one that has, or had, its unique
   * value: the value moves within this transaction, or a rewrite has made two values equal.
   */
  private static boolean mayMoveUnique(
      Attribute attribute, Selection selection, AttributeFilter filter) {
    return filter.mayMerge(attribute.id()) || selection.shape().retractsFrom(attribute);
  }

  /**
   * Datomic makes a new entity in the partition of the entity that refers to it. Among the schema
   * that is refused, and among the transactions the new entity can be taken for one of them; so it
   * is made before. An attribute, or what may become one, is made among the schema or never.
   */
  private void makeBefore(long source) {
    (Transaction.isAmongSchema(source) ? amongSchema : toMakeBefore).add(source);
  }
}
