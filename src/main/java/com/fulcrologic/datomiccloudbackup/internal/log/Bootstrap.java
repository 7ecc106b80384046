package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the end of a log's bootstrap: the first transactions, which Datomic itself writes into
 * every new database. They concern built-ins only, and are dated at the epoch or not at all. Takes
 * a log from its beginning. Mutable; one thread.
 */
public final class Bootstrap {
  private static final long BEGINNING_SPAN = 16;
  private final Schema schema = new Schema();
  private final Map<BaseSchema.Subject, Set<Object>> values = new HashMap<>();
  private long lastT = -1;
  private boolean over;

  /** The first transaction of a database that is not part of it; reads the log up to that one. */
  public static Optional<Transaction> firstAfter(DatomicConnection source) {
    Bootstrap bootstrap = new Bootstrap();
    long basisT = source.basisT();
    // A longer range may be read in large chunks. Each begins after what was read, should one come
    // back short.
    long end = 0;
    while (end <= basisT) {
      end = Math.min(Math.max(1, end) * BEGINNING_SPAN, basisT + 1);
      try (Stream<Transaction> log = source.txRange(new TxRange(bootstrap.lastT() + 1, end))) {
        Optional<Transaction> first = log.dropWhile(bootstrap::includes).findFirst();
        if (first.isPresent()) {
          return first;
        }
      }
    }
    return Optional.empty();
  }

  /** Whether this transaction, the next of the log, still belongs to the bootstrap. */
  public boolean includes(Transaction transaction) {
    if (!over) {
      schema.learnBuiltIns(transaction);
      over = !transaction.datoms().stream().allMatch(datom -> belongs(datom, transaction));
      if (!over) {
        lastT = transaction.t();
        note(transaction);
      }
    }
    return !over;
  }

  /** The t of the last bootstrap transaction read; -1 before the first. */
  public long lastT() {
    return lastT;
  }

  /** The built-ins read so far, and their values. */
  public BaseSchema baseSchema() {
    Map<Keyword, Long> ids = new HashMap<>();
    schema.builtIns().forEach((id, ident) -> ids.put(ident, id));
    return new BaseSchema(ids, values);
  }

  private void note(Transaction transaction) {
    for (Datom datom : transaction.datoms()) {
      Keyword entity = schema.builtIn(datom.e());
      Keyword attribute = schema.builtIn(datom.a());
      if (entity != null && attribute != null) {
        Keyword referred = datom.v() instanceof Long id ? schema.builtIn(id) : null;
        values
            .computeIfAbsent(new BaseSchema.Subject(entity, attribute), key -> new HashSet<>())
            .add(referred == null ? datom.v() : referred);
      }
    }
  }

  private boolean belongs(Datom datom, Transaction transaction) {
    Keyword attribute = schema.builtIn(datom.a());
    if (attribute == null) {
      return false;
    }
    if (attribute.equals(BuiltIns.TX_INSTANT)) {
      return datom.v() instanceof Date instant && instant.getTime() <= 0;
    }
    return datom.e() == transaction.tx() || schema.builtIn(datom.e()) != null;
  }
}
