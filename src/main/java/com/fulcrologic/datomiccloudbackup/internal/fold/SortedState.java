package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.time.Instant;
import java.util.stream.Stream;

/** A state whose datoms are sorted in a file; closing it removes the spill. */
record SortedState(SpilledDatoms sorted, Schema schemaAtEnd, State.Of of) implements State {
  static State of(SourceIdentity source, Transaction last, Schema schema, DatomSorter sorter) {
    SpilledDatoms sorted = sorter.finish();
    Instant instant = TransactionDates.in(last, schema).orElse(Instant.EPOCH);
    String hash = TransactionHash.sha256(last);
    return new SortedState(sorted, schema, new Of(source, last.t(), instant, hash, sorted.count()));
  }

  @Override
  public Schema schema() {
    return schemaAtEnd.copy();
  }

  @Override
  public Stream<Datom> datoms() {
    return sorted.stream(of.tx());
  }

  @Override
  public void close() {
    sorted.spill().close();
  }
}
