package com.fulcrologic.datomiccloudbackup.internal.restore.lookup;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdResolver;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.WorkingSet;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.PresentValues;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks up, in the target, the ids and the present values that a translation needs. One thread. */
public final class TargetReader {
  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;
  private final IdResolver resolver;

  public TargetReader(DatomicConnection target, RetryPolicy retryPolicy) {
    this.target = target;
    this.retryPolicy = retryPolicy;
    this.resolver = new IdResolver(target, retryPolicy);
  }

  public DatomicConnection target() {
    return target;
  }

  /** Lets the working set learn those of the ids that the target has. */
  public void lookUp(long[] sources, WorkingSet ids) {
    if (sources.length > 0) {
      resolver.resolve(sources, ids::learn);
    }
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
