package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A part of a remote system's log, read page by page, so that no reply is large, and no unneeded
 * transaction is read. For one thread.
 */
final class LogPages implements Iterator<Transaction> {
  private final TxRange range;
  private final PageSize pageSize;
  private final Source source;
  private long nextT;
  private long countLeft;
  private Iterator<Transaction> page = Collections.emptyIterator();

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

  @Override
  public boolean hasNext() {
    if (!page.hasNext() && nextT < range.endT() && countLeft > 0) {
      read();
    }
    return page.hasNext();
  }

  @Override
  public Transaction next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.next();
  }

  private void read() {
    int countMax = (int) Math.min(pageSize.count(), countLeft);
    List<Transaction> read = source.read(new TxRange(nextT, range.endT()), countMax);
    pageSize.saw(read);
    page = read.iterator();
    countLeft -= read.size();
    nextT = read.size() < countMax ? range.endT() : read.get(read.size() - 1).t() + 1;
  }
}
