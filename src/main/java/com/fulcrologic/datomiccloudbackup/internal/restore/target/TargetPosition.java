package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import java.util.List;

/**
 * The position of a claimed target, from its last transaction. Immutable.
 *
 * @param basisT the target's own t of that transaction
 * @param sourceT the last restored source t; {@link #NOTHING} when there is none
 * @param preparationCount how many preparations have been transacted since
 * @param lacksOriginalId whether that restored transaction was too large to carry the original id
 *     of its own entity, so that a preparation right after it has to bring it
 */
public record TargetPosition(
    long basisT, long sourceT, long preparationCount, boolean lacksOriginalId) {
  /** The source t before the first one. */
  public static final long NOTHING = -1;

  public static TargetPosition begun(long basisT) {
    return new TargetPosition(basisT, NOTHING, 0, false);
  }

  public boolean isNothingRestored() {
    return sourceT == NOTHING;
  }

  /** Whether nothing was restored, nor prepared, since the installation. */
  public boolean isUntouched() {
    return isNothingRestored() && preparationCount == 0;
  }

  /**
   * The form that makes the next transaction fail unless the predecessor is in the target. It
   * asserts the predecessor's own bookkeeping again, which adds no datom. Empty without a
   * predecessor.
   */
  List<Object> link() {
    if (preparationCount > 0) {
      return List.of(
          again(Bookkeeping.PREPARATION, PersistentVector.create(sourceT, preparationCount)));
    }
    return isNothingRestored() ? List.of() : List.of(again(Bookkeeping.SOURCE_T, sourceT));
  }

  private static Object again(Keyword attribute, Object value) {
    return TxData.add(TxData.lookupRef(attribute, value), attribute, value);
  }
}
