package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetState;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a session remembers from segment to segment, with the only two rules by which it
 * forgets: when the newest segment changed, it plans again; when the target's basis is not the one
 * that the session left, it inspects the target again. Not thread-safe.
 */
final class SessionMemory {
  private final Planner planner;
  private final Claiming claiming;
  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;
  private final int idCountMax;
  private @Nullable Plan plan;
  private @Nullable SegmentAhead ahead; // of the plan
  private @Nullable TargetState state;
  private boolean isStateKept;
  private IdMap idMap; // of the state

  SessionMemory(
      Planner planner,
      Claiming claiming,
      DatomicConnection target,
      RetryPolicy retryPolicy,
      int idCountMax) {
    this.planner = planner;
    this.claiming = claiming;
    this.target = target;
    this.retryPolicy = retryPolicy;
    this.idCountMax = idCountMax;
    this.idMap = new IdMap(false, idCountMax);
  }

  /** First rule: the plan holds as long as the newest segment has this range. */
  Plan planFor(TxRange newest) {
    Plan known = plan;
    if (known == null || !known.range().equals(newest)) {
      ahead = null; // another restore's compaction may have replaced it
      known = planner.plan(newest);
      plan = known;
    }
    return known;
  }

  /**
   * Second rule: the state holds as long as the target's basis is the one that the session left.
   * Empty when the target is empty.
   */
  Optional<TargetState> stateFor(Plan wanted) {
    TargetState known = state;
    if (known != null && known.position().basisT() == basisT(known)) {
      known.claim().requireSame(wanted.claim());
      isStateKept = true;
      return Optional.of(known);
    }
    forgetState();
    Optional<TargetState> found = claiming.recognize(wanted.claim());
    found.ifPresent(this::begin);
    return found;
  }

  /** Begins with a target that was not known before: none of its ids is known. */
  void begin(TargetState found) {
    state = found;
    idMap = new IdMap(found.position().isUntouched(), idCountMax);
  }

  void left(TargetState newState) {
    state = newState;
  }

  void forgetState() {
    state = null;
    isStateKept = false;
  }

  /** Whether the target stayed as this session left it: then the session is called in a loop. */
  boolean isStateKept() {
    return isStateKept;
  }

  IdMap idMap() {
    return idMap;
  }

  /** The plan under which the next segment was fetched ahead, when there is one. */
  Optional<Plan> planAhead() {
    return ahead == null ? Optional.empty() : Optional.ofNullable(plan);
  }

  boolean isAhead(long sourceT) {
    return ahead != null && ahead.afterT() == sourceT;
  }

  /** The segment that was fetched ahead for this t, once; empty when there is none. */
  Optional<Segment> takeAhead(long sourceT) {
    SegmentAhead fetched = ahead;
    ahead = null;
    return fetched == null || fetched.afterT() != sourceT ? Optional.empty() : fetched.await();
  }

  void fetchedAhead(Optional<SegmentAhead> fetched) {
    ahead = fetched.orElse(null);
  }

  /** The target's basis, at least the one that the session left. */
  private long basisT(TargetState known) {
    long knownT = known.position().basisT();
    long basisT = Retries.whileTransient(retryPolicy, () -> Basis.atLeast(target, knownT));
    if (basisT < knownT) {
      throw new IncompleteBackupException(
          "Failed to restore into database %s: it is behind: its basis is t %s, and was t %s"
              .formatted(target.databaseName(), basisT, knownT),
          "run it again later; if the target was reset, restore into a new database");
    }
    return basisT;
  }
}
