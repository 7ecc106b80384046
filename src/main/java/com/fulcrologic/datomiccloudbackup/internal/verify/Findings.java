package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Counts the differences, and keeps the first of each kind. Mutable; one thread. */
final class Findings {
  private static final int VALUE_LENGTH_MAX = 200;

  private final boolean withValues;
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final List<Difference> first = new ArrayList<>();

  Findings(boolean withValues) {
    this.withValues = withValues;
  }

  /** A position in the two logs; a t that does not apply is empty. */
  record Place(OptionalLong sourceT, OptionalLong targetT) {
    static Place source(long t) {
      return new Place(OptionalLong.of(t), OptionalLong.empty());
    }

    static Place target(long t) {
      return new Place(OptionalLong.empty(), OptionalLong.of(t));
    }

    static Place both(long sourceT, long targetT) {
      return new Place(OptionalLong.of(sourceT), OptionalLong.of(targetT));
    }
  }

  void add(Kind kind, Place place) {
    add(kind, place, IdPairs.NONE, IdPairs.NONE, null);
  }

  /** Adds a difference of an entity; {@link IdPairs#NONE} for a side without it. */
  void add(
      Kind kind, Place place, long sourceEntity, long targetEntity, @Nullable Object attribute) {
    add(kind, place, sourceEntity, targetEntity, attribute, null, null);
  }

  void add(
      Kind kind,
      Place place,
      long sourceEntity,
      long targetEntity,
      @Nullable Object attribute,
      @Nullable Object sourceValue,
      @Nullable Object targetValue) {
    if (counts.merge(kind, 1L, Long::sum) <= VerificationReport.DIFFERENCES_TOLD_MAX) {
      first.add(
          new Difference(
              kind,
              place.sourceT(),
              place.targetT(),
              id(sourceEntity),
              id(targetEntity),
              Optional.ofNullable(attribute).map(Object::toString),
              text(sourceValue),
              text(targetValue)));
    }
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  Map<Kind, Long> counts() {
    return counts;
  }

  List<Difference> first() {
    return first;
  }

  private static OptionalLong id(long id) {
    return id == IdPairs.NONE ? OptionalLong.empty() : OptionalLong.of(id);
  }

  private Optional<String> text(@Nullable Object value) {
    if (!withValues || value == null) {
      return Optional.empty();
    }
    String text = Edn.write(value);
    return Optional.of(
        text.length() <= VALUE_LENGTH_MAX ? text : text.substring(0, VALUE_LENGTH_MAX) + "...");
  }
}
