package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.fold.DatomSorter;
import com.fulcrologic.datomiccloudbackup.internal.fold.Spill;
import com.fulcrologic.datomiccloudbackup.internal.fold.SpilledDatoms;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The entities that a state refers to and says nothing of; transactions among them, of which it
 * says the date alone. Collected while the state is read once, and matched while it is read again.
 * Mutable, one thread.
 */
final class MentionedOnly {
  private static final Object ANY_VALUE = true;

  private final DatomSorter mentions;

  MentionedOnly(Spill spill) {
    this.mentions = new DatomSorter(spill);
  }

  void add(List<Long> references) {
    List<Datom> said = new ArrayList<>(references.size());
    for (Long id : references) {
      said.add(new Datom(id, 0, ANY_VALUE, 0, true));
    }
    mentions.add(said);
  }

  /**
   * Passes each of them, with the date of a transaction.
   *
   * @param said the same batches that the mentions came from
   * @param ofSchema entities that are said something of, beside those
   */
  void match(
      Iterator<EntityBatches.Batch> said,
      Set<Long> ofSchema,
      BiConsumer<Long, Optional<Date>> sink) {
    SpilledDatoms sorted = mentions.finish();
    try (Stream<Datom> stream = sorted.stream(0)) {
      Iterator<Long> mentioned = stream.map(Datom::e).iterator();
      long next = mentioned.hasNext() ? mentioned.next() : -1;
      Map<Long, Date> dates = new HashMap<>();
      Set<Long> made = new HashSet<>();
      while (next >= 0) {
        dates.clear();
        made.clear();
        long last = -1;
        while (said.hasNext() && last < 0) {
          EntityBatches.Batch batch = said.next();
          dates.putAll(batch.silent);
          for (long id : batch.made.sorted()) {
            made.add(id);
          }
          last = farthest(batch);
        }
        while (next >= 0
            && (last < 0 || Long.compareUnsigned(State.order(next), State.order(last)) <= 0)) {
          if (!made.contains(next) && !ofSchema.contains(next)) {
            sink.accept(next, Optional.ofNullable(dates.get(next)));
          }
          next = mentioned.hasNext() ? mentioned.next() : -1;
        }
      }
    }
  }

  private static long farthest(EntityBatches.Batch batch) {
    LongStream ids =
        LongStream.concat(
            Arrays.stream(batch.made.sorted()), batch.silent.keySet().stream().mapToLong(id -> id));
    return ids.boxed().max(Comparator.comparing(State::order, Long::compareUnsigned)).orElse(-1L);
  }
}
