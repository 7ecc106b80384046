package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A copy of the current state as it is usually written: one pass over each attribute of the source,
 * 500 datoms a transaction, one transaction after another, all ids in memory. It keeps no original
 * ids, cannot resume, and proves nothing.
 */
final class PlainCopy {
  private static final int BATCH_COUNT = 500;

  private final DatomicConnection source;
  private final DatomicConnection target;
  private final Map<Long, Long> ids = new HashMap<>();
  private final List<Object> forms = new ArrayList<>();

  PlainCopy(DatomicConnection source, DatomicConnection target) {
    this.source = source;
    this.target = target;
  }

  /** Copies the attributes of {@link Workload}, and what they say. */
  void run() {
    target.transact((List<?>) Edn.read(Workload.SCHEMA));
    copyAll(false);
    copyAll(true);
    send();
  }

  /** References come last: a tempid that is only a value is refused. */
  private void copyAll(boolean refs) {
    for (Object each : (List<?>) Edn.read(Workload.SCHEMA)) {
      Map<?, ?> attribute = (Map<?, ?>) each;
      boolean isRef =
          Edn.keyword(":db.type/ref").equals(attribute.get(Edn.keyword(":db/valueType")));
      if (isRef == refs) {
        copy(Objects.requireNonNull(attribute.get(Edn.keyword(":db/ident"))), isRef);
      }
    }
  }

  private void copy(Object ident, boolean isRef) {
    try (Stream<Datom> datoms = source.datoms(View.CURRENT, Index.AEVT, ident)) {
      datoms.forEach(
          datom -> {
            forms.add(
                TxData.add(entity(datom.e()), ident, isRef ? entity((Long) datom.v()) : datom.v()));
            if (forms.size() >= BATCH_COUNT) {
              send();
            }
          });
    }
  }

  private Object entity(long id) {
    Long known = ids.get(id);
    return known == null ? Long.toString(id) : known;
  }

  private void send() {
    target
        .transact(List.copyOf(forms))
        .tempids()
        .forEach((tempid, id) -> ids.put(Long.valueOf(tempid), id));
    forms.clear();
  }
}
