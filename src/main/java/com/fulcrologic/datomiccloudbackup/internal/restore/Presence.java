package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether an entity of the target has a value of an attribute right now, and which: for the rare
 * transaction that does not tell by itself how it came about. One thread.
 */
final class Presence {
  private final DatomicConnection target;
  private final IdResolver resolver;
  private final RetryPolicy retryPolicy;
  private final Runnable settlement;

  /**
   * @param settlement returns when all that was sent to the target is in it
   */
  Presence(
      DatomicConnection target, IdResolver resolver, RetryPolicy retryPolicy, Runnable settlement) {
    this.target = target;
    this.resolver = resolver;
    this.retryPolicy = retryPolicy;
    this.settlement = settlement;
  }

  /** Whether there is a {@link #value}. */
  boolean has(Object entity, long sourceAttribute, WorkingSet workingSet) {
    return value(entity, sourceAttribute, workingSet).isPresent();
  }

  /**
   * Looks a value up, one of them where there are many.
   *
   * @param entity an entity of the target; a tempid has no values yet
   * @param sourceAttribute any attribute of the source
   */
  Optional<Object> value(Object entity, long sourceAttribute, WorkingSet workingSet) {
    if (!(entity instanceof Long)) {
      return Optional.empty();
    }
    settlement.run();
    if (workingSet.target(sourceAttribute) == IdMap.UNKNOWN) {
      resolver.resolve(new long[] {sourceAttribute}, workingSet::learn);
    }
    long attribute = workingSet.target(sourceAttribute);
    return attribute == IdMap.UNKNOWN
        ? Optional.empty()
        : Retries.whileTransient(
            retryPolicy,
            () -> {
              try (Stream<Datom> datoms =
                  target.datoms(View.CURRENT, Index.EAVT, entity, attribute)) {
                return datoms.findAny().map(Datom::v);
              }
            });
  }
}
