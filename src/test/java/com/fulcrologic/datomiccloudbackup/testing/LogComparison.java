package com.fulcrologic.datomiccloudbackup.testing;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.net.URI;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds a restored log against its source's, datom for datom. Written for the tests: it shares
 * nothing with the code that it judges but the reading of a log, and learns what it needs, schema
 * and id map, from the two logs themselves.
 */
public final class LogComparison {
  private static final int BOOTSTRAP_COUNT = 6;
  private static final Keyword INDEX = Keyword.intern("db", "index"); // of Datomic Pro alone
  private static final Keyword IDENT = Keyword.intern("db", "ident");
  private static final String OURS = "com.fulcrologic.datomic-cloud-backup.cloning";

  /** Two entities of Datomic Pro have two idents. */
  private static final Map<Keyword, Keyword> ALIASES =
      Map.of(
          Keyword.intern("db.fn", "cas"), Keyword.intern("db", "cas"),
          Keyword.intern("db.fn", "retractEntity"), Keyword.intern("db", "retractEntity"));

  private final Log source;
  private final Log target;
  private final Map<Long, Long> targetIds = new HashMap<>();
  private boolean isReadBack;

  private LogComparison(DatomicConnection source, DatomicConnection target) {
    this.source = new Log(source);
    this.target = new Log(target);
  }

  /** Fails unless the target holds the whole source, and nothing else. */
  public static void assertEqual(DatomicConnection source, DatomicConnection target) {
    assertEqualThrough(source.basisT(), source, target);
  }

  /**
   * Fails unless the target holds the source up to and including {@code lastT}, and nothing else.
   */
  public static void assertEqualThrough(
      long lastT, DatomicConnection source, DatomicConnection target) {
    new LogComparison(source, target).compare(lastT);
  }

  /**
   * The same as {@link #assertEqual} for a target that was read back from disk: there, durable
   * Datomic Local has turned a BigInt into a BigInteger, and -0.0 into 0.0.
   */
  public static void assertEqualReadBack(DatomicConnection source, DatomicConnection target) {
    LogComparison comparison = new LogComparison(source, target);
    comparison.isReadBack = true;
    comparison.compare(source.basisT());
  }

  /**
   * Fails unless the target holds the source's state as of a t, its log from there on, and its
   * state as of each later t.
   */
  public static void assertEqualFromBaseline(
      long baselineT, DatomicConnection source, DatomicConnection target) {
    new LogComparison(source, target).compareFrom(baselineT);
  }

  /** Fails unless two restored databases say the same of the source's entities at their ends. */
  public static void assertSameState(DatomicConnection one, DatomicConnection other) {
    LogComparison both = new LogComparison(one, other);
    assertThat(both.inTermsOfTheSource(both.source))
        .isEqualTo(both.inTermsOfTheSource(both.target));
  }

  /** All facts but the dates of transactions, of which a baseline has the newer ones alone. */
  private Set<Object> inTermsOfTheSource(Log log) {
    List<Datom> state = log.stateAsOf(log.connection.basisT());
    Map<Long, Object> names = new HashMap<>(log.builtIns);
    state.stream()
        .filter(datom -> log.isOurs(datom, "original-id"))
        .forEach(datom -> names.put(datom.e(), datom.v()));
    Set<Object> facts = new HashSet<>();
    for (Datom datom : state) {
      if (!log.isOurs(datom)
          && !log.isDate(datom)
          && !log.isDatomicsOwn(datom)
          && !log.isLeftover(datom)
          && !log.isAlteration(datom)) {
        facts.add(
            List.of(
                requireName(datom.e(), names),
                requireName(datom.a(), names),
                named(datom, log, names)));
      }
    }
    return facts;
  }

  private Object named(Datom datom, Log log, Map<Long, Object> names) {
    if (Keyword.intern("db.type", "ref").equals(log.valueTypes.get(datom.a()))) {
      return requireName((Long) datom.v(), names);
    }
    if (!(datom.v() instanceof List<?> elements)) {
      return exact(datom.v());
    }
    List<Object> named = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      boolean isRef = elements.get(i) instanceof Long && log.isRefElement(datom.a(), i);
      named.add(isRef ? requireName((Long) elements.get(i), names) : exact(elements.get(i)));
    }
    return named;
  }

  private static Object requireName(long id, Map<Long, Object> names) {
    return Objects.requireNonNull(names.get(id), () -> "an original-id of " + id);
  }

  private void compareFrom(long baselineT) {
    readIdMap();
    List<Transaction> restored =
        target.transactions.stream().filter(tx -> target.value(tx, "source-t") != null).toList();
    List<Transaction> wanted =
        source.transactions.stream().filter(tx -> tx.t() >= baselineT).toList();
    assertThat(restored.stream().map(tx -> target.value(tx, "source-t")))
        .as("source t restored, in the order of the target")
        .containsExactlyElementsOf(wanted.stream().map(Transaction::t).toList());
    compareStates(wanted.get(0), restored.get(0), baselineT);
    for (int i = 1; i < wanted.size(); i++) {
      compare(wanted.get(i), restored.get(i));
      compareStates(wanted.get(i), restored.get(i), baselineT);
    }
    requireOneMarker(wanted.get(wanted.size() - 1).t());
  }

  private void compareStates(Transaction wanted, Transaction restored, long baselineT) {
    Set<Long> datedTargets = new HashSet<>();
    Set<Object> mapped = new HashSet<>();
    long first = Transaction.entityId(baselineT);
    for (Datom datom : source.stateAsOf(wanted.t())) {
      boolean isOlder = source.isDate(datom) && datom.e() < first;
      if (isOlder) {
        requireOriginalInstant(datom, restored.t());
      } else if (!source.isDatomicsOwn(datom)
          && !source.isLeftover(datom)
          && !isLeftOut(datom)
          && !source.isAlteration(datom)) {
        mapped.add(mapped(datom));
        if (source.isDate(datom)) {
          datedTargets.add(id(datom.e()));
        }
      }
    }
    Set<Object> found = new HashSet<>();
    for (Datom datom : target.stateAsOf(restored.t())) {
      boolean isOfLoad = target.isDate(datom) && !datedTargets.contains(datom.e());
      if (!target.isOurs(datom)
          && !isOfLoad
          && !target.isDatomicsOwn(datom)
          && !target.isLeftover(datom)
          && !target.isAlteration(datom)) {
        found.add(new Fact(datom.e(), datom.a(), exact(datom.v()), true));
      }
    }
    Set<Object> missing = new HashSet<>(mapped);
    missing.removeAll(found);
    found.removeAll(mapped);
    assertThat(missing).as("missing in the state at source t %s", wanted.t()).isEmpty();
    assertThat(found).as("too much in the state at source t %s", wanted.t()).isEmpty();
  }

  private void requireOriginalInstant(Datom date, long t) {
    Long entity = targetIds.get(date.e());
    if (entity != null) {
      List<Object> instants =
          target.stateAsOf(t).stream()
              .filter(datom -> datom.e() == entity && target.isOurs(datom, "original-instant"))
              .map(Datom::v)
              .toList();
      if (!instants.isEmpty()) { // else spoken of only after the baseline
        assertThat(instants).containsExactly(date.v());
      }
    }
  }

  private void compare(long lastT) {
    readIdMap();
    List<Transaction> restored =
        target.transactions.stream().filter(tx -> target.value(tx, "source-t") != null).toList();
    List<Transaction> wanted = source.transactions.stream().filter(tx -> tx.t() <= lastT).toList();
    assertThat(restored.stream().map(tx -> target.value(tx, "source-t")))
        .as("source t restored, in the order of the target")
        .containsExactlyElementsOf(wanted.stream().map(Transaction::t).toList());
    for (int i = 0; i < wanted.size(); i++) {
      compare(wanted.get(i), restored.get(i));
    }
    requireOneMarker(wanted.isEmpty() ? -1 : wanted.get(wanted.size() - 1).t());
    requireOriginalIds(wanted);
  }

  private void readIdMap() {
    Set<Long> targets = new HashSet<>();
    for (Transaction transaction : target.transactions) {
      for (Datom datom : transaction.datoms()) {
        if (target.isOurs(datom, "original-id")) {
          assertThat(datom.added()).as("an original-id is never retracted").isTrue();
          assertThat(targetIds.put((Long) datom.v(), datom.e()))
              .as("original-id %s is given once", datom.v())
              .isNull();
          assertThat(targets.add(datom.e())).as("%s has one original-id", datom.e()).isTrue();
        }
      }
    }
  }

  private void compare(Transaction wanted, Transaction restored) {
    Set<Object> mapped = new HashSet<>();
    for (Datom datom : wanted.datoms()) {
      if (!source.isDatomicsOwn(datom) && !source.isLeftover(datom) && !isLeftOut(datom)) {
        mapped.add(mapped(datom));
      }
    }
    if (source.instant(wanted) == null) {
      Fact epoch =
          new Fact(
              restored.tx(),
              target.idents.get(Keyword.intern("db", "txInstant")),
              new Exact(new Date(0)),
              true);
      mapped.add(epoch);
    }
    Set<Object> found = new HashSet<>();
    for (Datom datom : restored.datoms()) {
      if (!target.isOurs(datom) && !target.isDatomicsOwn(datom)) {
        found.add(new Fact(datom.e(), datom.a(), exact(datom.v()), datom.added()));
      }
    }
    assertThat(found).as("the datoms of source t %s", wanted.t()).isEqualTo(mapped);
    assertThat(targetIds.get(wanted.tx()))
        .as("the target of transaction entity %s", wanted.t())
        .isEqualTo(restored.tx());
  }

  /** Whether a target of another kind cannot say it, and need not. */
  private boolean isLeftOut(Datom datom) {
    return INDEX.equals(source.builtIns.get(datom.a())) && !target.idents.containsKey(INDEX);
  }

  private Fact mapped(Datom datom) {
    return new Fact(id(datom.e()), id(datom.a()), mappedValue(datom.a(), datom.v()), datom.added());
  }

  private Object mappedValue(long attribute, Object value) {
    Keyword type = source.valueTypes.get(attribute);
    if (Keyword.intern("db.type", "ref").equals(type)) {
      return exact(id((Long) value));
    }
    if (value instanceof List<?> elements) {
      List<Object> mapped = new ArrayList<>();
      for (int i = 0; i < elements.size(); i++) {
        Object element = elements.get(i);
        boolean isRef = element instanceof Long && source.isRefElement(attribute, i);
        mapped.add(exact(isRef ? Long.valueOf(id((Long) element)) : element));
      }
      return mapped;
    }
    return exact(value);
  }

  private long id(long sourceId) {
    Keyword builtIn = source.builtIns.get(sourceId);
    Long mapped =
        builtIn == null
            ? targetIds.get(sourceId)
            : target.idents.getOrDefault(
                builtIn, target.idents.get(ALIASES.getOrDefault(builtIn, builtIn)));
    assertThat(mapped).as("the target of source entity %s", sourceId).isNotNull();
    return Objects.requireNonNull(mapped);
  }

  private void requireOneMarker(long lastT) {
    Set<Object> present = new HashSet<>();
    for (Transaction transaction : target.transactions) {
      for (Datom datom : transaction.datoms()) {
        if (target.isOurs(datom, "last-source-transaction")) {
          assertThat(datom.e()).as("the marker's entity").isEqualTo(datom.a());
          if (datom.added()) {
            present.add(datom.v());
          } else {
            present.remove(datom.v());
          }
        }
      }
    }
    assertThat(present).as("the marker").isEqualTo(lastT < 0 ? Set.of() : Set.of(lastT));
  }

  /** Every entity that the source speaks of has its original-id, and no other has one. */
  private void requireOriginalIds(List<Transaction> wanted) {
    Set<Long> spokenOf = new TreeSet<>();
    for (Transaction transaction : wanted) {
      spokenOf.add(transaction.tx());
      for (Datom datom : transaction.datoms()) {
        if (source.isLeftover(datom)) {
          continue;
        }
        spokenOf.add(datom.e());
        spokenOf.add(datom.a());
        if (Keyword.intern("db.type", "ref").equals(source.valueTypes.get(datom.a()))) {
          spokenOf.add((Long) datom.v());
        }
        if (datom.v() instanceof List<?> elements) {
          for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof Long id && source.isRefElement(datom.a(), i)) {
              spokenOf.add(id);
            }
          }
        }
      }
    }
    spokenOf.removeAll(source.builtIns.keySet());
    assertThat(new TreeSet<>(targetIds.keySet())).as("original-ids").isEqualTo(spokenOf);
  }

  /** A datom of the target, without its transaction. */
  private record Fact(long e, @Nullable Long a, Object v, boolean added) {}

  /** A value with its class: 1 is not 1N, 1.0M is not 1.00M, and NaN is NaN. */
  private record Exact(Class<?> type, Object value) {
    Exact(Object value) {
      this(value.getClass(), value);
    }
  }

  private Object exact(@Nullable Object value) {
    if (isReadBack && value instanceof BigInt big) {
      return new Exact(big.toBigInteger());
    }
    if (isReadBack && value instanceof Double zero && zero == 0) {
      return new Exact(0.0);
    }
    if (value == null) {
      return "nil";
    }
    if (value instanceof List<?> elements) {
      return elements.stream().map(this::exact).toList();
    }
    if (value instanceof byte[] bytes) {
      return new Exact(bytes.getClass(), HexFormat.of().formatHex(bytes));
    }
    return new Exact(value instanceof URI uri ? uri.toString() : value); // it ignores case
  }

  /** A log, and what it says of itself. */
  private static final class Log {
    final List<Transaction> transactions;
    final Map<Keyword, Long> idents = new HashMap<>();
    final Map<Long, Keyword> builtIns = new HashMap<>();
    final Map<Long, Keyword> valueTypes = new HashMap<>();
    final Map<Long, List<?>> tupleTypes = new HashMap<>();
    final Map<Long, Object> tupleType = new HashMap<>();

    /** By composite: its components, as their names meant when it was defined. */
    final Map<Long, List<Long>> tupleAttrs = new HashMap<>();

    private final Map<Keyword, Long> named = new HashMap<>();
    private final Set<Long> ours = new HashSet<>();
    private long installationTx = -1;
    private final DatomicConnection connection;

    Log(DatomicConnection connection) {
      this.connection = connection;
      try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
        transactions = log.toList();
      }
      long identId =
          transactions.get(0).datoms().stream()
              .filter(datom -> datom.e() == datom.a() && datom.v().equals(IDENT))
              .findFirst()
              .orElseThrow()
              .e();
      for (int i = 0; i < transactions.size(); i++) {
        for (Datom datom : transactions.get(i).datoms()) {
          if (datom.a() == identId && datom.added()) {
            Keyword ident = (Keyword) datom.v();
            idents.put(ident, datom.e());
            if (i < BOOTSTRAP_COUNT) {
              builtIns.put(datom.e(), ident);
            }
            if (OURS.equals(ident.getNamespace())) {
              ours.add(datom.e());
              installationTx = datom.tx();
            }
          }
        }
      }
      for (Transaction transaction : transactions) {
        for (Datom datom : transaction.datoms()) {
          if (datom.a() == identId && datom.added()) {
            named.put((Keyword) datom.v(), datom.e());
          }
        }
        transaction.datoms().forEach(this::readSchema);
      }
      // Datomic Local does not say so of this one.
      valueTypes.put(
          idents.get(Keyword.intern("db.alter", "attribute")), Keyword.intern("db.type", "ref"));
    }

    private void readSchema(Datom datom) {
      Keyword property = builtIns.get(datom.a());
      if (property == null || !datom.added()) {
        return;
      }
      switch (property.toString()) {
        case ":db/valueType" -> valueTypes.put(datom.e(), builtIns.get((Long) datom.v()));
        case ":db/tupleTypes" -> tupleTypes.put(datom.e(), (List<?>) datom.v());
        case ":db/tupleType" -> tupleType.put(datom.e(), datom.v());
        case ":db/tupleAttrs" ->
            tupleAttrs.put(
                datom.e(),
                ((List<?>) datom.v())
                    .stream().map(name -> named.getOrDefault((Keyword) name, -1L)).toList());
        default -> {
          // nothing that tells ids from numbers
        }
      }
    }

    boolean isRefElement(long attribute, int index) {
      Keyword ref = Keyword.intern("db.type", "ref");
      List<Long> components = tupleAttrs.get(attribute);
      if (components != null) {
        return ref.equals(valueTypes.get(components.get(index)));
      }
      return ref.equals(tupleType.get(attribute))
          || (tupleTypes.containsKey(attribute)
              && ref.equals(tupleTypes.get(attribute).get(index)));
    }

    List<Datom> stateAsOf(long t) {
      try (Stream<Datom> state = connection.datoms(View.asOf(t), Index.EAVT)) {
        return state.toList();
      }
    }

    boolean isDate(Datom datom) {
      return ":db/txInstant".equals(String.valueOf(builtIns.get(datom.a())))
          && datom.e() >= Transaction.entityId(0)
          && Transaction.partition(datom.e()) == Transaction.partition(Transaction.entityId(0));
    }

    /** That an attribute was altered once is not said of one that begins as it is. */
    boolean isAlteration(Datom datom) {
      return ":db.alter/attribute".equals(String.valueOf(builtIns.get(datom.a())));
    }

    /** What the bootstrap says, all but the dates. */
    boolean isDatomicsOwn(Datom datom) {
      boolean isBootstrap = datom.tx() <= transactions.get(BOOTSTRAP_COUNT - 1).tx();
      return (isBootstrap && datom.e() != datom.tx())
          || Keyword.intern("db", "ensure").equals(builtIns.get(datom.a()));
    }

    /** What an earlier restore left in this log, if it is a restored database's. */
    boolean isLeftover(Datom datom) {
      boolean isClaim =
          datom.tx() == installationTx && datom.v() instanceof String && datom.e() != datom.tx();
      return isClaim
          || ours.contains(datom.a())
          || ours.contains(datom.e())
          || (datom.v() instanceof Long id
              && builtIns.containsKey(datom.e())
              && builtIns.containsKey(datom.a())
              && ours.contains(id));
    }

    @Nullable Object instant(Transaction transaction) {
      return transaction.datoms().stream()
          .filter(datom -> datom.e() == transaction.tx())
          .filter(datom -> ":db/txInstant".equals(String.valueOf(builtIns.get(datom.a()))))
          .map(Datom::v)
          .findFirst()
          .orElse(null);
    }

    boolean isOurs(Datom datom) {
      return ours.contains(datom.a());
    }

    boolean isOurs(Datom datom, String name) {
      return Long.valueOf(datom.a()).equals(idents.get(Keyword.intern(OURS, name)));
    }

    @Nullable Long value(Transaction transaction, String name) {
      return transaction.datoms().stream()
          .filter(datom -> datom.e() == transaction.tx() && isOurs(datom, name))
          .map(datom -> (Long) datom.v())
          .findFirst()
          .orElse(null);
    }

    @Override
    public String toString() {
      return transactions.stream().map(Transaction::toString).collect(Collectors.joining("\n"));
    }
  }
}
