package com.fulcrologic.datomiccloudbackup;

import java.util.List;
import java.util.Optional;

/**
 * How far a backup, and a target if one was given, is behind its source.
 *
 * @param source the source's newest transaction
 * @param stored the newest transaction up to which everything is stored: the last one before the
 *     first gap, if there is one; empty when the very beginning is missing
 * @param gaps missing ranges below the end of the stored log, in ascending order
 * @param target the position of the target; empty when none was given
 */
public record BackupStatus(
    SourcePoint source,
    Optional<SourcePoint> stored,
    List<TxRange> gaps,
    Optional<TargetStatus> target) {

  public BackupStatus {
    gaps = List.copyOf(gaps);
  }

  /** How far the backup is behind the source. */
  public Lag lag() {
    return Lag.between(source, stored);
  }

  /** How far the target is behind the source. */
  public Optional<Lag> targetLag() {
    return target.map(known -> Lag.between(source, known.restored()));
  }

  /** The longer of the two lags, in time. */
  public Lag worstLag() {
    Lag lag = lag();
    return targetLag().filter(of -> of.time().compareTo(lag.time()) > 0).orElse(lag);
  }

  /**
   * The position of a target.
   *
   * @param restored the last source transaction that is in it; empty when nothing was restored yet
   */
  public record TargetStatus(Optional<SourcePoint> restored) {}
}
