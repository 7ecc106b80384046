package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Explains a refusal by the functions that {@code :db.attr/preds} name: they have to be on the
 * class path of whatever transacts, and are called from the transaction after the one that names
 * them.
 */
final class Predicates {
  private static final String UNSATISFIED = ":db.error/attr-pred";

  private Predicates() {}

  /** Whether a missing, or another, function can be why. */
  static boolean mayExplain(AnomalyException refused) {
    return refused.anomaly() == Anomaly.NOT_FOUND || refused.isDatabaseError(UNSATISFIED);
  }

  /**
   * The refusal that names the functions.
   *
   * @param attributeIds of the target, of what the transaction speaks
   * @return the given one when none of the attributes has a function
   */
  static RuntimeException explain(
      AnomalyException refused, long t, DatomicConnection target, Iterable<Long> attributeIds) {
    SortedSet<String> functions;
    try {
      functions = functions(target, attributeIds);
    } catch (AnomalyException unreadable) {
      refused.addSuppressed(unreadable);
      return refused;
    }
    if (functions.isEmpty()) {
      return refused;
    }
    return new TargetNotRestorableException(
        "Failed to restore t "
            + t
            + " into database "
            + target.databaseName()
            + ": its attributes have the predicates "
            + functions
            + ", and Datomic "
            + (refused.anomaly() == Anomaly.NOT_FOUND ? "lacks one" : "has another version of one"),
        "put the functions on the class path of what transacts, and start it again; or restore into a"
            + " new database with :db.attr/preds excluded. Where these attributes are rewritten, they refuse what the"
            + " rewrite gives",
        refused);
  }

  private static SortedSet<String> functions(
      DatomicConnection target, Iterable<Long> attributeIds) {
    SortedSet<String> functions = new TreeSet<>();
    for (Long attributeId : attributeIds) {
      try (Stream<Datom> datoms =
          target.datoms(View.CURRENT, Index.EAVT, attributeId, BuiltIns.ATTR_PREDS)) {
        datoms.forEach(datom -> functions.add(datom.v().toString()));
      }
    }
    return functions;
  }
}
