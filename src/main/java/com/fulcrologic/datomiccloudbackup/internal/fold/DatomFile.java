package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.nio.file.Files;
import java.nio.file.Path;

/** Collects asserted datoms in a file of a {@link Spill}, in their order. Mutable, one thread. */
public final class DatomFile implements AutoCloseable {
  private final Spill spill;
  private final Path file;
  private final RunWriter out;
  private final Bytes entry = new Bytes();
  private final Bytes scratch = new Bytes();

  public DatomFile(Spill spill) {
    this.spill = spill;
    this.file = spill.newFile();
    this.out = spill.doing(() -> new RunWriter(Files.newOutputStream(file)));
  }

  public void add(Datom datom) {
    entry.clear();
    Entry.put(datom, scratch, entry);
    spill.doing(
        () -> {
          out.write(State.order(datom.e()), datom.a(), entry.array(), 0, entry.size());
          return file;
        });
  }

  /** All that was added. Ends this object. */
  public SpilledDatoms finish() {
    close();
    return new SpilledDatoms(spill, file, out.count());
  }

  @Override
  public void close() {
    spill.doing(
        () -> {
          out.close();
          return file;
        });
  }
}
