package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A random history, from a seed, over all that a schema and a transaction can hold. It models
 * little: it proposes transactions to a real database, and what Datomic refuses did not happen.
 *
 * <p>It does not speak of transactions that are still to come: such a log cannot be restored.
 */
public final class RandomWorld {
  private final DatomicConnection connection;
  private final RandomValues values;
  private final WorldModel model;
  private final DataProposals data;
  private final SchemaProposals schema;
  private final Map<String, Integer> occurrences = new TreeMap<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private Instant now;
  private int proposedCount;
  private int acceptedCount;

  private RandomWorld(DatomicConnection connection, SplittableRandom random, Set<String> avoided) {
    this.connection = connection;
    this.model = new WorldModel(avoided);
    this.values = new RandomValues(random);
    this.data = new DataProposals(model, values);
    this.schema = new SchemaProposals(model, values);
    this.now = values.oneIn(10) ? Instant.EPOCH : Instant.parse("1999-12-31T23:00:00Z");
  }

  /** Writes a history into an empty database. */
  public static RandomWorld fill(DatomicConnection connection, SplittableRandom random) {
    return fill(connection, random, Set.of());
  }

  /**
   * The same, without mentioning some built-ins.
   *
   * @param avoided idents of built-ins that another Datomic lacks
   */
  public static RandomWorld fill(
      DatomicConnection connection, SplittableRandom random, Set<String> avoided) {
    RandomWorld world = new RandomWorld(connection, random, avoided);
    world.learn(0);
    world.begin();
    for (int i = random.nextInt(40, 81); i > 0; i--) {
      world.proposeOne();
    }
    return world;
  }

  /** How many transactions were proposed. */
  public int proposedCount() {
    return proposedCount;
  }

  /** How many of them Datomic accepted. */
  public int acceptedCount() {
    return acceptedCount;
  }

  /** How often each sort of thing is in the history. */
  public Map<String, Integer> occurrences() {
    return occurrences;
  }

  /** How often each sort of thing was in a transaction that Datomic refused. */
  public Map<String, Integer> refusals() {
    return refusals;
  }

  /** The first attributes, after an entity, so that ids differ from those of a restore. */
  private void begin() {
    for (int i = 1 + values.below(3); i > 0; i--) {
      Proposal early = new Proposal();
      early.forms.add(TxData.add(early.newTempid(), Keyword.intern("db", "doc"), "early"));
      propose(early);
    }
    while (model.attributes.size() < 6) {
      Proposal first = new Proposal();
      for (int i = 1 + values.below(5); i > 0; i--) {
        schema.newAttribute(first);
      }
      propose(first);
    }
  }

  private void proposeOne() {
    Proposal proposal = new Proposal();
    if (values.oneIn(25)) {
      proposal.kinds.add("empty");
    } else {
      int dataCount = values.oneIn(4) ? 0 : 1 + values.below(3);
      if (dataCount == 0 || values.oneIn(12)) {
        schema.addTo(proposal);
      }
      for (int i = dataCount; i > 0; i--) {
        data.addTo(proposal);
      }
    }
    propose(proposal);
  }

  private void propose(Proposal proposal) {
    proposedCount++;
    Instant instant = values.oneIn(4) ? now : now.plusMillis(1 + values.below(100_000));
    List<Object> forms = new ArrayList<>(proposal.forms);
    forms.add(
        TxData.add(
            TxData.CURRENT_TRANSACTION, Keyword.intern("db", "txInstant"), Date.from(instant)));
    try {
      long t = connection.transact(forms).basisTAfter();
      now = instant;
      acceptedCount++;
      proposal.kinds.forEach(kind -> occurrences.merge(kind, 1, Integer::sum));
      learn(t);
    } catch (AnomalyException refused) {
      proposal.kinds.forEach(kind -> refusals.merge(kind, 1, Integer::sum));
      refusals.merge(refused.databaseError().orElse("no :db/error"), 1, Integer::sum);
    }
  }

  private void learn(long startT) {
    try (Stream<Transaction> log =
        connection.txRange(new TxRange(startT, connection.basisT() + 1))) {
      log.forEach(model::learn);
    }
  }
}
