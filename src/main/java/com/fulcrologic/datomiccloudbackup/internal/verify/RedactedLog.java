package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The log of a live database, as a backup with rules stores it. Its identity has no rules. */
record RedactedLog(ReadableLog live, Redaction redaction) implements ReadableLog {
  @Override
  public String description() {
    return live.description();
  }

  @Override
  public Optional<SourceIdentity> identity() {
    return live.identity();
  }

  @Override
  public Optional<String> backupName() {
    return live.backupName();
  }

  @Override
  public Optional<TxRange> range() {
    return live.range();
  }

  @Override
  public LogCursor open() {
    LogCursor cursor = live.open();
    Redacting redacting = new Redacting(redaction, new Schema());
    return new LogCursor() {
      @Override
      public Optional<Transaction> next() {
        return cursor.next().map(redacting::next);
      }

      @Override
      public boolean awaitMore() {
        return cursor.awaitMore();
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  @Override
  public Map<Long, Set<Keyword>> names() {
    return live.names();
  }

  @Override
  public void readState(long t, Path spillDirectory, Consumer<Datom> sink) {
    throw new UnsupportedOperationException("only the log of a backup has a state under rules");
  }
}
