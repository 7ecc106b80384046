package com.fulcrologic.datomiccloudbackup.wire;

import com.fulcrologic.datomiccloudbackup.wire.WireReply.Fate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with a request.
 *
 * @param kind what it is
 * @param isBefore whether it comes in place of the operation, or after it
 * @param category of an anomaly, as in {@code unavailable}
 * @param databaseError of an anomaly, as in {@code cas-failed}
 * @param withDbs whether an anomaly tells how far the database is
 */
record Fault(
    Kind kind,
    boolean isBefore,
    int status,
    Fate fate,
    @Nullable String category,
    @Nullable String databaseError,
    boolean withDbs,
    Duration delay) {

  /** Kinds of faults. */
  enum Kind {
    /** The answer has this fate. */
    FATE,
    /** The body is not transit. */
    NOT_TRANSIT,
    /** There is no body. */
    EMPTY,
    /** The body is transit's nil. */
    NIL,
    /** A status without a body that tells more. */
    STATUS,
    /** An anomaly in the body. */
    ANOMALY,
    /** The answer comes later. */
    DELAY
  }

  private static Fault of(Kind kind) {
    return new Fault(kind, false, 200, Fate.WHOLE, null, null, true, Duration.ZERO);
  }

  static Fault fate(Fate fate) {
    return new Fault(Kind.FATE, false, 200, fate, null, null, true, Duration.ZERO);
  }

  static Fault kind(Kind kind) {
    return of(kind);
  }

  static Fault status(int status) {
    return new Fault(Kind.STATUS, false, status, Fate.WHOLE, null, null, true, Duration.ZERO);
  }

  static Fault anomaly(String category) {
    return new Fault(Kind.ANOMALY, false, 500, Fate.WHOLE, category, null, true, Duration.ZERO);
  }

  static Fault delay(Duration delay) {
    return new Fault(Kind.DELAY, false, 200, Fate.WHOLE, null, null, true, delay);
  }

  /** The same in place of the operation. */
  Fault before() {
    return new Fault(kind, true, status, fate, category, databaseError, withDbs, delay);
  }

  /** The same, which does not tell how far the database is. */
  Fault withoutDbs() {
    return new Fault(kind, isBefore, status, fate, category, databaseError, false, delay);
  }
}
