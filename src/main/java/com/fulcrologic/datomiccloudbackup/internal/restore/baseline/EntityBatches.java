package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the entities of a state, but for those of the schema, into batches. The cuts depend on the
 * state and the filters alone: a restore that continues finds the same ones. They are part of the
 * target's format. Mutable, one thread.
 */
final class EntityBatches implements Iterator<EntityBatches.Batch> {
  private final Iterator<Datom> datoms;
  private final StateReading reading;
  private final Set<Long> ofSchema;
  private final BatchSizes sizes;
  private @Nullable Datom ahead;
  private long entity = -1;
  private boolean isMade;

  EntityBatches(
      Iterator<Datom> datoms, StateReading reading, Set<Long> ofSchema, BatchSizes sizes) {
    this.datoms = datoms;
    this.reading = reading;
    this.ofSchema = ofSchema;
    this.sizes = sizes;
    advance();
  }

  private void advance() {
    ahead = null;
    while (ahead == null && datoms.hasNext()) {
      Datom next = datoms.next();
      if (!Transaction.isAmongSchema(next.e())) {
        ahead = next;
      }
    }
  }

  @Override
  public boolean hasNext() {
    return ahead != null;
  }

  @Override
  public Batch next() {
    if (ahead == null) {
      throw new NoSuchElementException();
    }
    Batch batch = new Batch();
    do {
      batch.add(portion());
    } while (ahead != null && !batch.isFull());
    batch.finish();
    return batch;
  }

  /** The next datoms of one entity. */
  private List<Datom> portion() {
    List<Datom> portion = new ArrayList<>();
    long of = ahead == null ? -1 : ahead.e();
    while (ahead != null && ahead.e() == of && portion.size() < sizes.portionCount()) {
      portion.add(ahead);
      advance();
    }
    return portion;
  }

  /** Entities of the state, with all that is said of them, in the source's terms. */
  final class Batch {
    /** Whether its first datoms are of an entity that the batch before makes. */
    boolean continues;

    final NewIds made = new NewIds();

    /** The datoms to send with the batch. */
    final List<Datom> now = new ArrayList<>();

    /** Those that refer to an entity of another batch. */
    final List<Datom> later = new ArrayList<>();

    final List<Datom> composites = new ArrayList<>();

    /** Datoms of, and references to, the state's last transaction. */
    final List<Datom> ofLast = new ArrayList<>();

    /** The dates of the transactions among the entities made. */
    final Map<Long, Date> instants = new HashMap<>();

    /** The dates of the transactions of which nothing else is said. */
    final Map<Long, Date> silent = new HashMap<>();

    private boolean isEmpty = true;
    private int count;
    private long weight;

    private void add(List<Datom> portion) {
      long e = portion.get(0).e();
      if (e != entity) {
        entity = e;
        isMade = false;
      } else if (isEmpty && isMade) {
        continues = true;
      }
      for (Datom datom : reading.kept(portion)) {
        if (reading.isDate(datom)) {
          if (e != reading.lastTx()) {
            (made.contains(e) ? instants : silent).put(e, (Date) datom.v());
          }
        } else {
          add(datom);
        }
      }
      isEmpty = false;
    }

    private void add(Datom datom) {
      if (!isMade && datom.e() != reading.lastTx()) {
        isMade = true;
        made.add(datom.e());
        Date instant = silent.remove(datom.e());
        if (instant != null) {
          instants.put(datom.e(), instant);
        }
      }
      count++;
      weight += 64 + new Transaction(0, 0, List.of(datom)).weight();
      if (datom.e() == reading.lastTx() || reading.mentionsLast(datom)) {
        ofLast.add(datom);
      } else if (reading.isComposite(datom)) {
        composites.add(datom);
      } else if (reading.mayMeet(datom)) {
        later.add(datom);
      } else {
        now.add(datom);
      }
    }

    private boolean isFull() {
      return count >= sizes.datomCount()
          || weight >= sizes.weight()
          || silent.size() >= sizes.datomCount();
    }

    private void finish() {
      List<Datom> plain = List.copyOf(now);
      now.clear();
      for (Datom datom : plain) {
        boolean isKnown =
            reading.references(datom).stream()
                .allMatch(id -> made.contains(id) || ofSchema.contains(id));
        (isKnown ? now : later).add(datom);
      }
    }
  }
}
