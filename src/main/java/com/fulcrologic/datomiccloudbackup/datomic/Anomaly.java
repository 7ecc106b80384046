package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.Arrays;
import java.util.Locale;

/** The categories of {@code cognitect.anomalies}, by which Datomic classifies failures. */
public enum Anomaly {
  UNAVAILABLE(true),
  INTERRUPTED(true),
  BUSY(true),
  INCORRECT(false),
  FORBIDDEN(false),
  UNSUPPORTED(false),
  NOT_FOUND(false),
  CONFLICT(false),
  FAULT(false);

  private final boolean transientFault;

  Anomaly(boolean transientFault) {
    this.transientFault = transientFault;
  }

  /** Whether the same call may succeed later. */
  public boolean isTransient() {
    return transientFault;
  }

  /** The category of that name, as in {@code not-found}; {@link #FAULT} for an unknown name. */
  static Anomaly named(String name) {
    String constant = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(anomaly -> anomaly.name().equals(constant))
        .findFirst()
        .orElse(FAULT);
  }
}
