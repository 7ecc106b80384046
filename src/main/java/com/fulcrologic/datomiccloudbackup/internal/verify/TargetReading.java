package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.verify.Findings.Place;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the target's log: separates restored transactions from bookkeeping and from all others, and
 * builds the id map. Mutable; one thread.
 */
final class TargetReading {
  private final Findings findings;
  private final IdPairs ids;
  private final Schema schema = new Schema();
  private final Bootstrap bootstrap = new Bootstrap();
  private final Map<Long, Keyword> own = new HashMap<>(); // the bookkeeping attributes, by id
  private final Set<Long> unclaimedIds = new HashSet<>();
  private @Nullable BaseSchema baseSchema;
  private boolean isLoading;
  private @Nullable String claim;
  private OptionalLong marker = OptionalLong.empty();
  private @Nullable Instant lastRestored;
  private @Nullable Instant prepared;

  TargetReading(Findings findings, IdPairs ids) {
    this.findings = findings;
    this.ids = ids;
  }

  /** Processes the next transaction; returns the source t that it restores, if it restores one. */
  OptionalLong read(Transaction transaction) {
    if (bootstrap.includes(transaction)) {
      schema.apply(transaction);
      return OptionalLong.empty();
    }
    if (baseSchema == null) {
      baseSchema = bootstrap.baseSchema();
    }
    schema.apply(transaction);
    boolean defines = own.isEmpty() && learnOwn(transaction);
    OptionalLong sourceT = defines ? OptionalLong.empty() : sourceT(transaction);
    isLoading &= sourceT.isEmpty();
    boolean isPreparation = sourceT.isEmpty() && says(transaction, Bookkeeping.PREPARATION);
    if (sourceT.isEmpty() && !defines && !isPreparation) {
      findings.add(Kind.FOREIGN, Place.target(transaction.t()));
    } else {
      for (Datom datom : transaction.datoms()) {
        readOwn(datom, transaction, sourceT, defines);
      }
      readDate(transaction, sourceT.isPresent(), isPreparation);
    }
    return sourceT;
  }

  /** The built-ins of the target; during its bootstrap, those read so far. */
  BaseSchema baseSchema() {
    return baseSchema == null ? bootstrap.baseSchema() : baseSchema;
  }

  Schema schema() {
    return schema;
  }

  /** The target's claim; empty until the transaction that installs it was read. */
  Optional<String> claim() {
    return Optional.ofNullable(claim);
  }

  /**
   * Accepts datoms of the source in preparations, up to the next restored transaction: they load a
   * state, which is compared as a whole.
   */
  void expectLoad() {
    isLoading = true;
  }

  /** The entity of the last bootstrap transaction. */
  long bootstrapTx() {
    return Transaction.entityId(bootstrap.lastT());
  }

  OptionalLong marker() {
    return marker;
  }

  /** Source ids that have an original-id and are not yet used by a source transaction. */
  Set<Long> unclaimedIds() {
    return unclaimedIds;
  }

  boolean isOwn(Datom datom) {
    return own.containsKey(datom.a());
  }

  /** Whether a datom is the record or the definition of bookkeeping, or the claim. */
  boolean isOwnOfState(Datom datom) {
    return isOwn(datom)
        || own.containsKey(datom.e())
        || installsOwn(datom)
        || (isBuiltIn(datom, BuiltIns.DOC)
            && datom.e() == bootstrapTx()
            && datom.v().equals(claim));
  }

  private boolean learnOwn(Transaction transaction) {
    for (Datom datom : transaction.datoms()) {
      if (BuiltIns.IDENT.equals(schema.builtIn(datom.a()))
          && datom.v() instanceof Keyword ident
          && Bookkeeping.isBookkeeping(ident)) {
        own.put(datom.e(), ident);
      }
    }
    return !own.isEmpty();
  }

  private OptionalLong sourceT(Transaction transaction) {
    for (Datom datom : transaction.datoms()) {
      if (is(datom, Bookkeeping.SOURCE_T)
          && datom.e() == transaction.tx()
          && datom.added()
          && datom.v() instanceof Long t) {
        return OptionalLong.of(t);
      }
    }
    return OptionalLong.empty();
  }

  private boolean says(Transaction transaction, Keyword name) {
    return transaction.datoms().stream()
        .anyMatch(datom -> is(datom, name) && datom.e() == transaction.tx() && datom.added());
  }

  /** Whether the attribute of a datom is the bookkeeping attribute of this name. */
  boolean is(Datom datom, Keyword name) {
    return name.equals(own.get(datom.a()));
  }

  private void readOwn(
      Datom datom, Transaction transaction, OptionalLong sourceT, boolean defines) {
    boolean onTransaction = datom.e() == transaction.tx() && datom.added();
    if (is(datom, Bookkeeping.ORIGINAL_ID) && !defines) {
      learn(datom, transaction);
    } else if (is(datom, Bookkeeping.LAST_SOURCE_TRANSACTION) && !defines) {
      readMarker(datom, transaction);
    } else if (isOwn(datom)) {
      boolean expected =
          sourceT.isPresent()
              ? is(datom, Bookkeeping.SOURCE_T) && datom.v().equals(sourceT.getAsLong())
              : is(datom, Bookkeeping.PREPARATION);
      boolean isDateOfLoad = isLoading && is(datom, Bookkeeping.ORIGINAL_INSTANT) && datom.added();
      if ((!expected || !onTransaction || defines) && !isDateOfLoad) {
        report(Kind.BOOKKEEPING, datom, transaction);
      }
    } else if (sourceT.isEmpty()
        && !isLoading
        && !(onTransaction && isBuiltIn(datom, BuiltIns.TX_INSTANT))
        && !(defines && installs(datom))) {
      report(Kind.FOREIGN, datom, transaction);
    }
  }

  private void learn(Datom datom, Transaction transaction) {
    if (!datom.added() || !(datom.v() instanceof Long source)) {
      report(Kind.BOOKKEEPING, datom, transaction);
    } else if (ids.add(source, datom.e())) {
      if (!isLoading) {
        unclaimedIds.add(source);
      }
    } else {
      Place place = Place.target(transaction.t());
      findings.add(Kind.MAPPED_TWICE, place, source, datom.e(), schema.identText(datom.a()));
    }
  }

  private void readMarker(Datom datom, Transaction transaction) {
    if (datom.e() != datom.a() || !(datom.v() instanceof Long t)) {
      report(Kind.BOOKKEEPING, datom, transaction);
    } else if (datom.added()) {
      marker = OptionalLong.of(t);
    } else if (marker.isPresent() && marker.getAsLong() == t) {
      boolean replaced =
          transaction.datoms().stream()
              .anyMatch(other -> other.a() == datom.a() && other.added() && other.e() == datom.e());
      marker = replaced ? marker : OptionalLong.empty();
    }
  }

  private boolean installs(Datom datom) {
    if (!datom.added()) {
      return false;
    }
    if (isBuiltIn(datom, BuiltIns.DOC)
        && datom.e() == bootstrapTx()
        && datom.v() instanceof String text) {
      claim = text;
      return true;
    }
    return own.containsKey(datom.e()) ? schema.builtIn(datom.a()) != null : installsOwn(datom);
  }

  private boolean installsOwn(Datom datom) {
    return isBuiltIn(datom, BuiltIns.INSTALL_ATTRIBUTE)
        && datom.v() instanceof Long attribute
        && own.containsKey(attribute);
  }

  /** Whether the attribute of a datom is the built-in with this ident. */
  boolean isBuiltIn(Datom datom, Keyword ident) {
    return ident.equals(schema.builtIn(datom.a()));
  }

  /** A preparation has the date of the transaction that it prepares or completes. */
  private void readDate(Transaction transaction, boolean isRestored, boolean isPreparation) {
    Instant date = TransactionDates.in(transaction, schema).orElse(null);
    boolean mayPrepare = isPreparation && date != null && !date.equals(lastRestored);
    if (isRestored || mayPrepare) {
      if (prepared != null && !prepared.equals(date)) {
        Place place = Place.target(transaction.t());
        findings.add(Kind.BOOKKEEPING, place, IdPairs.NONE, transaction.tx(), BuiltIns.TX_INSTANT);
      }
      prepared = isRestored ? null : date;
      lastRestored = isRestored ? date : lastRestored;
    }
  }

  private void report(Kind kind, Datom datom, Transaction transaction) {
    report(kind, Place.target(transaction.t()), datom);
  }

  /** Reports a datom of the target that the source lacks. */
  void report(Kind kind, Place place, Datom datom) {
    String attribute = schema.identText(datom.a());
    findings.add(kind, place, ids.source(datom.e()), datom.e(), attribute, null, datom.v());
  }
}
