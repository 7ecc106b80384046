package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;

/** A target that a restore has claimed, how far the restore got, and its built-ins. */
public record TargetState(Claim claim, TargetPosition position, BaseSchema baseSchema) {
  public TargetState at(TargetPosition newPosition) {
    return new TargetState(claim, newPosition, baseSchema);
  }
}
