package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.List;

/**
 * A part of a remote system's log, read page by page, so that no reply is large, and no unneeded
 * transaction is read. For one thread.
 */
final class LogPages {
  private final TxRange range;
  private final PageSize pageSize;
  private final Source source;
  private long nextT;
  private long countLeft;

  /** Reads the first transactions of a range, {@code countMax} at most; fewer at its end. */
  interface Source {
    List<Transaction> read(TxRange range, int countMax);
  }

  LogPages(TxRange range, long countMax, PageSize pageSize, Source source) {
    this.range = range;
    this.pageSize = pageSize;
    this.source = source;
    this.nextT = range.startT();
    this.countLeft = countMax;
  }

  /** The next page; empty at the end. */
  List<Transaction> next() {
    if (nextT >= range.endT() || countLeft <= 0) {
      return List.of();
    }
    int countMax = (int) Math.min(pageSize.count(), countLeft);
    List<Transaction> page = source.read(new TxRange(nextT, range.endT()), countMax);
    pageSize.saw(page);
    countLeft -= page.size();
    nextT = page.size() < countMax ? range.endT() : page.get(page.size() - 1).t() + 1;
    return page;
  }

  /**
   * The number of transactions of a log to read from a remote system at once. It depends on the
   * weight of the last transactions, so that a reply takes about a megabyte. Thread-safe.
   */
  static final class PageSize {
    static final int COUNT_MAX = 1_000;

    /** The weight of a page, by {@link Transaction#weight}: two to three times a reply's bytes. */
    private static final long WEIGHT_TARGET = 2L << 20;

    private static final int COUNT_FIRST = 32;
    private static final int GROWTH_MAX = 4;

    private int count = COUNT_FIRST;

    synchronized int count() {
      return count;
    }

    /** Records the weights of a received page. */
    synchronized void saw(List<Transaction> page) {
      if (!page.isEmpty()) {
        long weight = page.stream().mapToLong(Transaction::weight).sum() / page.size();
        long fitting = WEIGHT_TARGET / Math.max(1, weight);
        count =
            (int) Math.max(1, Math.min(fitting, Math.min(COUNT_MAX, (long) count * GROWTH_MAX)));
      }
    }
  }
}
