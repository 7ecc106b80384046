package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole log in memory, and what it says of itself: names, types, and which transactions are
 * Datomic's own. For the demo's sample, whose own transactions are all dated after the epoch.
 */
final class DemoLog {
  /** {@code :db/ident} has this id in every Datomic. */
  private static final long IDENT_ID = 10;

  private static final String BOOKKEEPING = "com.fulcrologic.datomic-cloud-backup.cloning";
  private static final Keyword REF = Keyword.intern("db.type", "ref");

  private final List<Transaction> transactions;
  private final Map<Keyword, Long> ids = new HashMap<>();
  private final Map<Long, Keyword> builtIns = new HashMap<>();
  private final Set<Long> bookkeeping = new HashSet<>();
  private final Set<Long> refs = new HashSet<>();
  private final Map<Long, List<?>> tupleTypes = new HashMap<>();
  private final Map<Long, List<?>> tupleAttrs = new HashMap<>();

  private DemoLog(List<Transaction> transactions) {
    this.transactions = transactions;
  }

  static DemoLog read(DatomicConnection connection) {
    DemoLog log;
    try (Stream<Transaction> all = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      log = new DemoLog(all.toList());
    }
    log.transactions.forEach(log::readIdents);
    log.transactions.forEach(log::readTypes);
    // Datomic Local does not say so of this one.
    log.refs.add(log.id(Keyword.intern("db.alter", "attribute")));
    return log;
  }

  private void readIdents(Transaction transaction) {
    boolean isDatomicsOwn = isDatomicsOwn(transaction);
    for (Datom datom : transaction.datoms()) {
      if (datom.a() == IDENT_ID && datom.added() && datom.v() instanceof Keyword ident) {
        ids.putIfAbsent(ident, datom.e());
        if (BOOKKEEPING.equals(ident.getNamespace())) {
          bookkeeping.add(datom.e());
        } else if (isDatomicsOwn) {
          builtIns.put(datom.e(), ident);
        }
      }
    }
  }

  private void readTypes(Transaction transaction) {
    for (Datom datom : transaction.datoms()) {
      Keyword property = builtIns.get(datom.a());
      if (property == null || !datom.added()) {
        continue;
      }
      if (property.getName().equals("valueType") && REF.equals(builtIns.get(datom.v()))) {
        refs.add(datom.e());
      }
      if (property.getName().equals("tupleTypes")) {
        tupleTypes.put(datom.e(), (List<?>) datom.v());
      }
      if (property.getName().equals("tupleAttrs")) {
        tupleAttrs.put(datom.e(), (List<?>) datom.v());
      }
    }
  }

  List<Transaction> transactions() {
    return transactions;
  }

  /** The id of whatever bore this ident first. */
  long id(Keyword ident) {
    Long id = ids.get(ident);
    if (id == null) {
      throw new IllegalArgumentException("the log knows no " + ident);
    }
    return id;
  }

  boolean knows(Keyword ident) {
    return ids.containsKey(ident);
  }

  /** The ident of an entity of Datomic's own; null for any other. */
  @Nullable Keyword builtIn(long id) {
    return builtIns.get(id);
  }

  /** Whether the datom is one that a restore adds. */
  boolean isBookkeeping(Datom datom) {
    return bookkeeping.contains(datom.a());
  }

  /** What a restore says in {@code name} about the entity of this transaction; null if nothing. */
  @Nullable Long bookkeeping(Transaction transaction, String name) {
    Keyword ident = Keyword.intern(BOOKKEEPING, name);
    for (Datom datom : transaction.datoms()) {
      if (datom.e() == transaction.tx() && datom.a() == id(ident)) {
        return (Long) datom.v();
      }
    }
    return null;
  }

  /** The original id that this datom tells; null when it tells none. */
  @Nullable Long originalId(Datom datom) {
    boolean tells = datom.added() && datom.a() == id(Keyword.intern(BOOKKEEPING, "original-id"));
    return tells ? (Long) datom.v() : null;
  }

  boolean isRef(long attribute) {
    return refs.contains(attribute);
  }

  /** Whether the element at {@code index} of this attribute's tuples is a reference. */
  boolean isRefElement(long attribute, int index) {
    List<?> components = tupleAttrs.get(attribute);
    if (components != null) {
      return isRef(id((Keyword) components.get(index)));
    }
    List<?> types = tupleTypes.get(attribute);
    return types != null && REF.equals(types.get(index));
  }

  /** Whether it is dated at the epoch, or not at all. */
  static boolean isDatomicsOwn(Transaction transaction) {
    return instant(transaction).equals(Instant.EPOCH);
  }

  /** The date on the transaction's own entity; the epoch where there is none. */
  static Instant instant(Transaction transaction) {
    for (Datom datom : transaction.datoms()) {
      if (datom.e() == transaction.tx() && datom.v() instanceof Date date) {
        return date.toInstant();
      }
    }
    return Instant.EPOCH;
  }
}
