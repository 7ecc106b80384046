package com.fulcrologic.datomiccloudbackup.restore;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.log.Bootstrap;
import java.util.Optional;

/** Claims an empty target for a restore, or recognizes one that the same restore has begun. */
final class Claiming {
  private final DatomicConnection target;
  private final TargetInspector inspector;
  private final RetryPolicy retryPolicy;
  private final int idCountMax;

  Claiming(
      DatomicConnection target,
      TargetInspector inspector,
      RetryPolicy retryPolicy,
      int idCountMax) {
    this.target = target;
    this.inspector = inspector;
    this.retryPolicy = retryPolicy;
    this.idCountMax = idCountMax;
  }

  /**
   * Recognizes a target that was begun; writes nothing.
   *
   * @return empty when the target is empty
   * @throws TargetNotRestorableException when it is neither empty nor begun by the same restore
   */
  Optional<TargetSession> recognize(Claim wanted) {
    Optional<Claim> claim = inspector.claim();
    Bootstrap bootstrap = inspector.bootstrap();
    if (claim.isEmpty()) {
      requireEmpty(bootstrap);
      return Optional.empty();
    }
    claim.get().requireSame(wanted);
    TargetPosition position = inspector.position();
    boolean isFresh = position.isNothingRestored() && !position.isPreparing();
    return Optional.of(
        new TargetSession(
            claim.get(), position, new IdMap(isFresh, idCountMax), bootstrap.baseSchema()));
  }

  /**
   * Claims an empty target.
   *
   * @throws TargetInUseException when somebody else has just claimed it
   * @throws TargetNotRestorableException when somebody has just written to it
   */
  TargetSession claim(Claim claim, BaseSchema baseSchema) {
    long lastBootstrapT = basisT();
    for (int attempt = 1; ; attempt++) {
      try {
        Installation.transact(target, lastBootstrapT, claim);
        break;
      } catch (AnomalyException unknownOutcome) {
        if (!unknownOutcome.anomaly().isTransient() || attempt >= retryPolicy.attemptCountMax()) {
          throw unknownOutcome;
        }
        Retries.pauseAfter(retryPolicy, attempt);
        if (inspector.claim().isPresent()) {
          break;
        }
      }
    }
    inspector.claim().ifPresent(found -> found.requireSame(claim));
    return new TargetSession(claim, inspector.position(), new IdMap(true, idCountMax), baseSchema);
  }

  private void requireEmpty(Bootstrap bootstrap) {
    long basisT = basisT();
    if (bootstrap.lastT() != basisT) {
      throw notEmpty(bootstrap.lastT() + 1, basisT);
    }
  }

  private TargetNotRestorableException notEmpty(long firstT, long lastT) {
    return new TargetNotRestorableException(
        "Failed to restore into database "
            + target.databaseName()
            + ": it is not empty; its t "
            + firstT
            + " to "
            + lastT
            + " were written by others",
        "restore into a new, empty database");
  }

  private long basisT() {
    return Retries.whileTransient(retryPolicy, target::basisT);
  }
}
