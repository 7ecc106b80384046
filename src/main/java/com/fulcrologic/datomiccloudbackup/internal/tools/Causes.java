package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.Objects;
import java.util.stream.Stream;

/** The causes of a failure. */
public final class Causes {
  private static final int DEPTH_MAX = 16;

  private Causes() {}

  /** The failure itself and its causes, outermost first; at most 16, since they may be a ring. */
  public static Stream<Throwable> of(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEPTH_MAX);
  }
}
