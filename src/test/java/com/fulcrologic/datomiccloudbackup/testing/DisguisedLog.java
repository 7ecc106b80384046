package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real log as another Datomic might have written it, which Datomic Local cannot be made to do: t
 * leaves numbers out, the built-ins have other ids, the last of the base schema arrives late in a
 * normally dated transaction, and {@code :db/ensure} is logged. Of its built-ins it says what
 * Datomic Local does not, and it has one more.
 */
public final class DisguisedLog extends ForwardingConnection {
  private static final long T_STEP = 3;
  private static final long BUILT_IN_SHIFT = 5_000;
  private static final long EARLY_T = 3;
  private static final long LATE_T = 5;

  /** The built-in that Datomic Local lacks. */
  public static final long NEWER = 5_900;

  private final List<Transaction> transactions = new ArrayList<>();
  private final Schema real = new Schema();

  public DisguisedLog(DatomicConnection source) {
    super(source);
    List<Transaction> log;
    try (Stream<Transaction> all = source.txRange(new TxRange(0, source.basisT() + 1))) {
      log = all.toList();
    }
    log.forEach(real::apply);
    for (Transaction transaction : log) {
      transactions.add(disguised(transaction, log));
    }
  }

  /** The whole log. */
  public List<Transaction> transactions() {
    return List.copyOf(transactions);
  }

  @Override
  public long basisT() {
    return transactions.get(transactions.size() - 1).t();
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    return transactions.stream().filter(transaction -> range.contains(transaction.t()));
  }

  private Transaction disguised(Transaction transaction, List<Transaction> log) {
    long t = T_STEP * transaction.t();
    List<Datom> datoms = new ArrayList<>();
    for (Datom datom : transaction.datoms()) {
      Object value = value(datom);
      if (transaction.t() == LATE_T && datom.v() instanceof Date) {
        value = dateOf(log.get((int) LATE_T + 1)); // as normal as the next one's
      }
      datoms.add(new Datom(id(datom.e()), id(datom.a()), value, id(datom.tx()), datom.added()));
    }
    long tx = Transaction.entityId(t);
    if (transaction.t() == EARLY_T) {
      datoms.add(new Datom(NEWER, builtIn("db", "ident"), Keyword.intern("db", "newer"), tx, true));
      datoms.add(said(builtIn("db", "excise"), tx)); // brought before
    }
    if (transaction.t() == LATE_T) {
      datoms.add(said(builtIn("db", "tupleAttrs"), tx)); // brought right here
      datoms.add(said(builtIn("db", "valueType"), tx)); // Datomic Local says it, too
    }
    if (transaction.t() > LATE_T && transaction.t() % 4 == 0) {
      long ensure = builtIn("db", "ensure");
      datoms.add(new Datom(datoms.get(datoms.size() - 1).e(), ensure, ensure, tx, true));
    }
    return new Transaction(t, Transaction.entityId(t), datoms);
  }

  private static Object dateOf(Transaction transaction) {
    return transaction.datoms().stream()
        .filter(datom -> datom.e() == transaction.tx() && datom.v() instanceof Date)
        .findFirst()
        .orElseThrow()
        .v();
  }

  /** Its doc. */
  public Datom said(long entity, long tx) {
    return new Datom(entity, builtIn("db", "doc"), "what another Datomic says of it", tx, true);
  }

  private long builtIn(String namespace, String name) {
    return real.builtIns().entrySet().stream()
        .filter(builtIn -> builtIn.getValue().equals(Keyword.intern(namespace, name)))
        .map(builtIn -> id(builtIn.getKey()))
        .findFirst()
        .orElseThrow();
  }

  private long id(long id) {
    if (real.builtIn(id) != null) {
      return id + BUILT_IN_SHIFT;
    }
    long t = id - Transaction.entityId(0);
    return t >= 0 && t < 1L << Transaction.INDEX_BITS ? Transaction.entityId(T_STEP * t) : id;
  }

  private Object value(Datom datom) {
    Attribute attribute = real.attribute(datom.a());
    boolean isAlteration = Keyword.intern("db.alter", "attribute").equals(real.builtIn(datom.a()));
    if (isAlteration || (attribute != null && attribute.isRef())) {
      return id((Long) datom.v());
    }
    if (attribute != null && datom.v() instanceof List<?> elements) {
      List<@Nullable Object> mapped = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        Object element = elements.get(i);
        mapped.add(element != null && isRefElement(attribute, i) ? id((Long) element) : element);
      }
      return PersistentVector.create(mapped);
    }
    return datom.v();
  }

  private boolean isRefElement(Attribute attribute, int index) {
    if (!attribute.isComposite()) {
      return attribute.isRefElement(index);
    }
    Attribute component = real.attributeNamed(attribute.tupleAttrs().get(index));
    return component != null && component.isRef();
  }
}
