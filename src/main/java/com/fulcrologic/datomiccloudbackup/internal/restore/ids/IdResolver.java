package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import java.util.List;

/**
 * Reads the ids that an earlier run has restored back from the target, through the index on {@code
 * original-id}. Walks the index beside the wanted ids: a page answers for every wanted id up to its
 * last one, so that a stretch of new ids, or of neighbours, costs one call.
 */
public final class IdResolver {
  private static final int PAGE_SIZE_MAX = 1_000;
  private static final int PAGE_SIZE_MIN = 8;

  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;

  public IdResolver(DatomicConnection target, RetryPolicy retryPolicy) {
    this.target = target;
    this.retryPolicy = retryPolicy;
  }

  /** Receives each id that is in the target; also some that were not asked for. */
  public interface Found {
    void accept(long source, long target);
  }

  /**
   * Looks ids up; an id that {@code found} does not receive is not in the target.
   *
   * @param wanted source ids in ascending order
   */
  public void resolve(long[] wanted, Found found) {
    long end = Math.addExact(wanted[wanted.length - 1], 1); // no entity id comes near the limit
    int pageSize = PAGE_SIZE_MIN;
    int next = 0;
    while (next < wanted.length) {
      List<Datom> page = page(wanted[next], end, pageSize);
      page.forEach(datom -> found.accept((Long) datom.v(), datom.e()));
      if (page.size() < pageSize) {
        return;
      }
      int before = next;
      long answeredThrough = (Long) page.get(page.size() - 1).v();
      while (next < wanted.length && wanted[next] <= answeredThrough) {
        next++;
      }
      boolean dense = (next - before) * 2 >= pageSize;
      pageSize = dense ? Math.min(pageSize * 4, PAGE_SIZE_MAX) : PAGE_SIZE_MIN;
    }
  }

  private List<Datom> page(long start, long end, int sizeMax) {
    return Retries.whileTransient(
        retryPolicy, () -> target.indexRange(Bookkeeping.ORIGINAL_ID, start, end, sizeMax));
  }
}
