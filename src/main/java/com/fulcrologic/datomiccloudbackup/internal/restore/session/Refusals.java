package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Selection;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Explains why Datomic refused a transaction, if the caller can mend it: a rewrite that makes
 * unique values equal, or a function that {@code :db.attr/preds} names. Such a function has to be
 * on the class path of the transactor, from the transaction after the one that names it.
 */
final class Refusals {
  private static final String UNIQUE_CONFLICT = ":db.error/unique-conflict";
  private static final String UNSATISFIED_PREDICATE = ":db.error/attr-pred";

  private Refusals() {}

  /** The exception to throw: the refusal itself where there is nothing to add. */
  static RuntimeException explain(
      AnomalyException refusal,
      Selection selection,
      Translator translator,
      WorkingSet ids,
      DatomicConnection target) {
    SortedSet<String> uniques = translator.rewrittenUniques(selection);
    if (refusal.isDatabaseError(UNIQUE_CONFLICT) && !uniques.isEmpty()) {
      return new InvalidConfigurationException(
          "Failed to restore t %s: the rewrite of %s makes two entities equal"
              .formatted(selection.transaction().t(), uniques),
          "rewrite a unique attribute so that different values stay different, or exclude it",
          refusal);
    }
    boolean mayBePredicate =
        refusal.anomaly() == Anomaly.NOT_FOUND || refusal.isDatabaseError(UNSATISFIED_PREDICATE);
    return mayBePredicate ? predicate(refusal, selection.transaction(), ids, target) : refusal;
  }

  private static RuntimeException predicate(
      AnomalyException refusal, Transaction transaction, WorkingSet ids, DatomicConnection target) {
    SortedSet<String> functions;
    try {
      functions = functions(transaction, ids, target);
    } catch (AnomalyException unreadable) {
      refusal.addSuppressed(unreadable);
      return refusal;
    }
    if (functions.isEmpty()) {
      return refusal;
    }
    return new TargetNotRestorableException(
        ("Failed to restore t %s into database %s: its attributes have the predicates %s, and "
                + "Datomic %s")
            .formatted(
                transaction.t(),
                target.databaseName(),
                functions,
                refusal.anomaly() == Anomaly.NOT_FOUND
                    ? "lacks one"
                    : "has another version of one"),
        "put the functions on the class path of the process that transacts, and restart it; or"
            + " restore into a new database with :db.attr/preds excluded. A rewrite of these"
            + " attributes has to satisfy them",
        refusal);
  }

  private static SortedSet<String> functions(
      Transaction transaction, WorkingSet ids, DatomicConnection target) {
    SortedSet<String> functions = new TreeSet<>();
    for (Datom datom : transaction.datoms()) {
      long attribute = ids.target(datom.a());
      if (attribute != IdMap.UNKNOWN) {
        try (Stream<Datom> predicates =
            target.datoms(View.CURRENT, Index.EAVT, attribute, BuiltIns.ATTR_PREDS)) {
          predicates.forEach(predicate -> functions.add(predicate.v().toString()));
        }
      }
    }
    return functions;
  }
}
