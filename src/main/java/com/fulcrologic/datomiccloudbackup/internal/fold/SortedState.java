package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.stream.Stream;

/** A state whose datoms are sorted in a file; closing it removes the spill. */
record SortedState(Spill spill, SpilledDatoms sorted, Schema schemaAtEnd, State.Of of)
    implements State {
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
    spill.close();
  }
}
