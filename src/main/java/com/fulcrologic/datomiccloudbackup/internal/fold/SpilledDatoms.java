package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.io.EOFException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Asserted datoms in a file of a {@link Spill}, in the order in which they were written. Immutable;
 * readable as long as the spill is open.
 */
public record SpilledDatoms(Spill spill, Path file, long count) {

  /** Reads them; the caller closes the stream. */
  public Stream<Datom> stream(long tx) {
    RunReader reader = reader();
    return LongStream.range(0, count).mapToObj(number -> next(reader, tx)).onClose(reader::close);
  }

  RunReader reader() {
    return new RunReader(spill, file, 0);
  }

  private Datom next(RunReader reader, long tx) {
    if (!reader.next()) {
      throw spill.failure(new EOFException("a sorted file is shorter than it was"));
    }
    return reader.datom(tx);
  }

  /** Collects asserted datoms in a file of a {@link Spill}, in their order. Mutable, one thread. */
  public static final class Writer implements AutoCloseable {
    private final Spill spill;
    private final Path file;
    private final RunWriter out;
    private final Bytes entry = new Bytes();
    private final Bytes scratch = new Bytes();

    public Writer(Spill spill) {
      this.spill = spill;
      this.file = spill.newFile();
      this.out = new RunWriter(spill, file);
    }

    public void add(Datom datom) {
      entry.clear();
      Entry.put(datom, scratch, entry);
      out.write(State.order(datom.e()), datom.a(), entry.array(), 0, entry.size());
    }

    /** All that was added. Ends this object. */
    public SpilledDatoms finish() {
      close();
      return new SpilledDatoms(spill, file, out.count());
    }

    @Override
    public void close() {
      out.close();
    }
  }
}
