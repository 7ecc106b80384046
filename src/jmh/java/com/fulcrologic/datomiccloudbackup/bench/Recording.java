package com.fulcrologic.datomiccloudbackup.bench;

import clojure.lang.IPersistentVector;
import clojure.lang.Keyword;
import clojure.lang.Tuple;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records the transactions that a restore sends, and sends them again into new databases, where
 * other ids come of them: those are put in before each call, and only the calls are timed.
 */
final class Recording extends Forwarding {
  private final List<List<?>> transactions = new ArrayList<>();
  private final List<TransactionReport> reports = new ArrayList<>();
  private final Set<Object> references = new HashSet<>();

  Recording(DatomicConnection real) {
    super(real);
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    TransactionReport report = super.transact(txData);
    transactions.add(txData);
    reports.add(report);
    return report;
  }

  /** To be called at the end, while the database is still there. */
  void finish() {
    long type;
    try (Stream<Datom> found =
        datoms(View.CURRENT, Index.AVET, Edn.keyword(":db/ident"), Edn.keyword(":db.type/ref"))) {
      type = found.findFirst().orElseThrow().e();
    }
    try (Stream<Datom> found = datoms(View.CURRENT, Index.AEVT, Edn.keyword(":db/valueType"))) {
      found.filter(datom -> datom.v().equals(type)).forEach(datom -> references.add(datom.e()));
    }
  }

  /** What transact took. */
  Took replay(boolean withBookkeeping, RestoreBenchmark.Targets targets) {
    try (TemporaryDatabase target = targets.create()) {
      System.gc();
      Map<Object, Object> ids = new HashMap<>();
      long nanos = 0;
      long pausedMillis = 0;
      for (int i = withBookkeeping ? 0 : 1; i < transactions.size(); i++) { // 0 installs it
        List<Object> forms = translate(transactions.get(i), ids, withBookkeeping);
        pausedMillis -= Took.pausedMillis();
        long start = System.nanoTime();
        TransactionReport report = target.connection().transact(forms);
        nanos += System.nanoTime() - start;
        pausedMillis += Took.pausedMillis();
        reports.get(i).tempids().forEach((tempid, id) -> learn(ids, id, report, tempid));
      }
      return new Took(nanos / 1e9, pausedMillis / 1e3);
    }
  }

  private static void learn(
      Map<Object, Object> ids, Long then, TransactionReport report, String tempid) {
    Long now = report.tempids().get(tempid);
    if (now != null) {
      ids.put(then, now);
    }
  }

  private List<Object> translate(
      List<?> recorded, Map<Object, Object> ids, boolean withBookkeeping) {
    List<Object> forms = new ArrayList<>(recorded.size());
    for (Object each : recorded) {
      if (!(each instanceof IPersistentVector form)) {
        forms.add(each);
        continue;
      }
      Object attribute = form.nth(2);
      if (!withBookkeeping && attribute instanceof Keyword name && Bookkeeping.ALL.contains(name)) {
        continue;
      }
      Object value = form.nth(3);
      forms.add(
          form.count() > 4
              ? form
              : Tuple.create(
                  form.nth(0),
                  now(form.nth(1), ids),
                  now(attribute, ids),
                  references.contains(attribute) ? now(value, ids) : value));
    }
    return forms;
  }

  private static Object now(Object then, Map<Object, Object> ids) {
    return ids.getOrDefault(then, then);
  }
}
