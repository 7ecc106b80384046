package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;

/**
 * What is known of a claimed target, as long as it still stands at {@code position}.
 *
 * @param claim what it was begun from
 * @param idMap which of its entities stand for which of the source; shared and mutable
 * @param baseSchema its built-ins
 */
record TargetSession(Claim claim, TargetPosition position, IdMap idMap, BaseSchema baseSchema) {

  TargetSession at(TargetPosition newPosition) {
    return new TargetSession(claim, newPosition, idMap, baseSchema);
  }
}
