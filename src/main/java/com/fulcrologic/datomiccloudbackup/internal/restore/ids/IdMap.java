package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The target ids of source ids, as far as this restore remembers. Exact for any ids. Small for ids
 * as Datomic assigns them, whose neighbours share an {@link IdPage}; an id that fits into no page
 * is kept by itself. Bounded: a full map forgets the half that was unused for longest. From then
 * on, an id that the map lacks may still be in the target. Not thread-safe.
 */
public final class IdMap {
  public static final long UNKNOWN = LongMap.ABSENT;

  /**
   * The number of ids to remember at most if none has a neighbour, at 264 bytes each: 69 MB in all.
   * At that size, it holds more than 40 million ids as Datomic assigns them.
   */
  public static final int SIZE_MAX = 1 << 18;

  private static final int PAGE_BITS_MAX = 12;
  private static final long TRANSACTION_PARTITION =
      Transaction.entityId(0) >> Transaction.INDEX_BITS;
  private static final long TRANSACTION_PAGES = 1L << Transaction.INDEX_BITS;

  /** The bytes of an id that is kept by itself, in a {@link LongMap} that has just grown. */
  private static final int LONE_ID_SIZE = 52;

  private final long generationSizeMax;
  private final int pageBits;
  private Generation young = new Generation();
  private Generation old = new Generation();
  private boolean complete;

  /** The ids used since the map last forgot some, or those used before that. */
  private static final class Generation {
    private final Map<Long, IdPage> pages = new HashMap<>();
    private final LongMap loneIds = new LongMap();
    private long pagesSize;

    long size() {
      return pagesSize + (long) LONE_ID_SIZE * loneIds.size();
    }
  }

  /**
   * @param complete whether the target holds no restored entity yet
   * @param sizeMax how many ids to remember at most where none has a neighbour
   */
  public IdMap(boolean complete, int sizeMax) {
    this.complete = complete;
    this.generationSizeMax = (long) IdPage.SIZE_MIN * Math.max(1, sizeMax / 2);
    int sizeBits = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(4, sizeMax));
    this.pageBits = Math.min(sizeBits - 2, sizeMax >= 1 << 16 ? PAGE_BITS_MAX : (sizeBits - 2) / 2);
  }

  /** Whether every restored entity is in here, so that an unknown id is proved new. */
  boolean isComplete() {
    return complete;
  }

  /** Notes that the target has entities that this map has not learned. */
  public void markIncomplete() {
    complete = false;
  }

  /** The target's entity id, or {@link #UNKNOWN}. */
  long target(long source) {
    IdPage page = page(source);
    long target = page == null ? LongMap.ABSENT : page.get(source);
    if (target != LongMap.ABSENT) {
      return target;
    }
    target = young.loneIds.get(source);
    if (target == LongMap.ABSENT) {
      target = old.loneIds.get(source);
      if (target != LongMap.ABSENT) {
        learn(source, target);
      }
    }
    return target;
  }

  public void learn(long source, long target) {
    IdPage page = page(source);
    if (page == null || young.size() >= generationSizeMax) {
      makeRoom();
      page = page(source); // may be of the elder ones now
    }
    if (page == null) {
      page = new IdPage(1 << pageBits);
      young.pages.put(pageNumber(source), page);
      young.pagesSize += page.size();
    }
    long before = page.size();
    if (!page.put(source, target)) {
      young.loneIds.put(source, target);
    }
    young.pagesSize += page.size() - before;
  }

  long size() {
    return young.size() + old.size();
  }

  /** The page, which is used now; null when there is none. */
  private @Nullable IdPage page(long source) {
    Long number = pageNumber(source);
    IdPage page = young.pages.get(number);
    if (page == null) {
      page = old.pages.remove(number);
      if (page != null) {
        old.pagesSize -= page.size();
        makeRoom();
        young.pages.put(number, page);
        young.pagesSize += page.size();
      }
    }
    return page;
  }

  private void makeRoom() {
    if (young.size() >= generationSizeMax) {
      complete &= old.size() == 0;
      old = young;
      young = new Generation();
    }
  }

  /** Entities share their indexes across partitions; transactions count for themselves. */
  private long pageNumber(long source) {
    long index = source & (1L << Transaction.INDEX_BITS) - 1;
    boolean isTransaction = source >> Transaction.INDEX_BITS == TRANSACTION_PARTITION;
    return (isTransaction ? TRANSACTION_PAGES : 0) | index >> pageBits;
  }
}
