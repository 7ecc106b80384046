package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import java.util.Optional;

/** Claims an empty target for a restore, or recognizes one that the same restore has begun. */
public final class Claiming {
  private final DatomicConnection target;
  private final TargetInspector inspector;
  private final RetryPolicy retryPolicy;

  public Claiming(DatomicConnection target, TargetInspector inspector, RetryPolicy retryPolicy) {
    this.target = target;
    this.inspector = inspector;
    this.retryPolicy = retryPolicy;
  }

  /**
   * Recognizes a target that was begun; writes nothing.
   *
   * @return empty when the target is empty
   * @throws TargetNotRestorableException when it is neither empty nor begun by the same restore
   */
  public Optional<TargetState> recognize(Claim wanted) {
    Retries.whileTransient(retryPolicy, target::freshBasisT);
    Bootstrap bootstrap = inspector.bootstrap();
    Optional<Claim> claim = inspector.claim();
    if (claim.isEmpty()) {
      long basisT = basisT();
      if (bootstrap.lastT() == basisT) {
        return Optional.empty();
      }
      claim = inspector.claim(); // another restore may have claimed it just now
      if (claim.isEmpty()) {
        throw notEmpty(bootstrap.lastT() + 1, basisT);
      }
    }
    claim.get().requireSame(wanted);
    TargetPosition position = inspector.position();
    return Optional.of(new TargetState(claim.get(), position, bootstrap.baseSchema()));
  }

  /**
   * Claims an empty target.
   *
   * @throws TargetInUseException when another restore has just claimed it
   * @throws TargetNotRestorableException when another writer has just written to it
   */
  public TargetState claim(Claim claim, BaseSchema baseSchema) {
    long lastBootstrapT = inspector.bootstrap().lastT(); // not the basis: it may have moved on
    for (int attempt = 1; ; attempt++) {
      try {
        Installation.transact(target, lastBootstrapT, claim, baseSchema);
        break;
      } catch (TargetInUseException claimed) {
        Basis.atLeast(target, lastBootstrapT + 1);
        if (attempt == 1 || inspector.claim().isEmpty()) {
          throw claimed;
        }
        break; // perhaps by an attempt of ours, whose outcome was unknown
      } catch (AnomalyException unknownOutcome) {
        if (!unknownOutcome.anomaly().isTransient() || attempt >= retryPolicy.attemptCountMax()) {
          throw unknownOutcome;
        }
        Retries.pauseAfter(retryPolicy, attempt);
        Retries.whileTransient(retryPolicy, target::freshBasisT);
        if (inspector.claim().isPresent()) {
          break;
        }
      }
    }
    inspector.claim().ifPresent(found -> found.requireSame(claim));
    TargetPosition position = inspector.position();
    if (!position.isUntouched()) {
      throw new TargetInUseException(
          "Failed to claim database %s: another restore has begun to write to it"
              .formatted(target.databaseName()),
          "let that restore continue, or stop it and run this one again");
    }
    return new TargetState(claim, position, baseSchema);
  }

  private TargetNotRestorableException notEmpty(long firstT, long lastT) {
    return new TargetNotRestorableException(
        ("Failed to restore into database %s: it is not empty; its t %s to %s were written by "
                + "others")
            .formatted(target.databaseName(), firstT, lastT),
        "restore into a new, empty database");
  }

  private long basisT() {
    return Retries.whileTransient(retryPolicy, target::basisT);
  }
}
