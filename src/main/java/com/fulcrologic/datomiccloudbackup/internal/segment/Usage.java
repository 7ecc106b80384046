package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The built-ins that a run of transactions uses, and its dates. Follows the schema along the run.
 * Mutable, one thread.
 */
final class Usage {
  private final Schema schema;
  private final Set<Keyword> builtIns = new HashSet<>();
  private @Nullable Instant firstInstant;
  private @Nullable Instant lastInstant;
  private boolean needsFormat2;

  Usage(Schema schemaAtStart) {
    this.schema = schemaAtStart.copy();
  }

  void add(Transaction transaction) {
    schema.apply(transaction); // first: bootstrap transactions use what they define
    TransactionDates.in(transaction, schema).ifPresent(this::date);
    for (Datom datom : transaction.datoms()) {
      needsFormat2 |= TransitValues.needsFormat2(datom.v());
      if (isBookkeeping(datom.e())) {
        continue; // a restore defines its own bookkeeping, and never this one
      }
      Keyword property = schema.builtIn(datom.a());
      if (property == null || schema.builtIn(datom.e()) == null) {
        use(property);
        useReferences(datom);
      }
    }
  }

  private boolean isBookkeeping(long entity) {
    Attribute attribute = schema.attribute(entity);
    return attribute != null && Bookkeeping.isBookkeeping(attribute.ident());
  }

  private void date(Instant instant) {
    firstInstant = firstInstant == null ? instant : firstInstant;
    lastInstant = instant;
  }

  private void useReferences(Datom datom) {
    Attribute attribute = schema.attribute(datom.a());
    if (attribute == null) {
      return;
    }
    if (attribute.isRef() && datom.v() instanceof Long id) {
      use(schema.builtIn(id));
    } else if (attribute.hasRefElements() && datom.v() instanceof List<?> elements) {
      for (int i = 0; i < elements.size(); i++) {
        if (attribute.isRefElement(i) && elements.get(i) instanceof Long id) {
          use(schema.builtIn(id));
        }
      }
    }
  }

  private void use(@Nullable Keyword builtIn) {
    if (builtIn != null) {
      builtIns.add(builtIn);
    }
  }

  boolean needsFormat2() {
    return needsFormat2;
  }

  /** Their idents, as in {@code :db/doc}. */
  Set<String> builtIns() {
    return builtIns.stream().map(Keyword::toString).collect(Collectors.toSet());
  }

  Optional<Instant> firstInstant() {
    return Optional.ofNullable(firstInstant);
  }

  Optional<Instant> lastInstant() {
    return Optional.ofNullable(lastInstant);
  }
}
