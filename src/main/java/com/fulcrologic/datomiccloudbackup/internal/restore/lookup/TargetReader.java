package com.fulcrologic.datomiccloudbackup.internal.restore.lookup;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Looks up, in the target, the ids and the present values that a translation needs. Immutable. */
public record TargetReader(DatomicConnection target, RetryPolicy retryPolicy) {
  private static final int PAGE_SIZE_MAX = 1_000;
  private static final int PAGE_SIZE_MIN = 8;

  /** Lets the working set learn those of the ids that the target has. */
  public void lookUp(long[] sources, WorkingSet ids) {
    if (sources.length > 0) {
      resolve(sources, ids::learn);
    }
  }

  /**
   * Reads the ids that an earlier run has restored, through the index on {@code original-id}. Walks
   * the index beside the wanted ids: a page answers for every wanted id up to its last one, so that
   * a stretch of new ids, or of neighbours, costs one call.
   *
   * @param wanted source ids in ascending order, at least one
   * @param found receives the source and the target id of each that is in the target, and of some
   *     that were not asked for
   */
  public void resolve(long[] wanted, BiConsumer<Long, Long> found) {
    long end = Math.addExact(wanted[wanted.length - 1], 1); // no entity id comes near the limit
    int pageSize = PAGE_SIZE_MIN;
    int next = 0;
    while (next < wanted.length) {
      List<Datom> page = page(wanted[next], end, pageSize);
      page.forEach(datom -> found.accept((Long) datom.v(), datom.e()));
      if (page.size() < pageSize) {
        return;
      }
      int before = next;
      long answeredThrough = (Long) page.get(page.size() - 1).v();
      while (next < wanted.length && wanted[next] <= answeredThrough) {
        next++;
      }
      boolean dense = (next - before) * 2 >= pageSize;
      pageSize = dense ? Math.min(pageSize * 4, PAGE_SIZE_MAX) : PAGE_SIZE_MIN;
    }
  }

  private List<Datom> page(long start, long end, int sizeMax) {
    return Retries.whileTransient(
        retryPolicy, () -> target.indexRange(Bookkeeping.ORIGINAL_ID, start, end, sizeMax));
  }

  /** Answers the questions; all that was sent to the target must be in it. */
  public PresentValues answer(List<Question> questions, WorkingSet ids) {
    Map<Question, Optional<Object>> answers = new HashMap<>();
    for (Question question : questions) {
      if (ids.target(question.attribute()) == IdMap.UNKNOWN) {
        lookUp(new long[] {question.attribute()}, ids);
      }
      long attribute = ids.target(question.attribute());
      answers.put(
          question, attribute == IdMap.UNKNOWN ? Optional.empty() : value(question, attribute));
    }
    return new PresentValues(answers);
  }

  private Optional<Object> value(Question question, long attribute) {
    return Retries.whileTransient(
        retryPolicy,
        () -> {
          try (Stream<Datom> datoms = datoms(question, attribute)) {
            return datoms.findAny().map(Datom::v);
          }
        });
  }

  private Stream<Datom> datoms(Question question, long attribute) {
    Object value = question.value();
    return value == null
        ? target.datoms(View.CURRENT, Index.EAVT, question.entity(), attribute)
        : target.datoms(View.CURRENT, Index.EAVT, question.entity(), attribute, value);
  }
}
