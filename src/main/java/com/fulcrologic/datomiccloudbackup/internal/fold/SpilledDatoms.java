package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Asserted datoms in a file of a {@link Spill}, in the order in which they were written. Immutable;
 * readable as long as the spill is open.
 */
public record SpilledDatoms(Spill spill, Path file, long count) {

  /** Reads them; the caller closes the stream. */
  public Stream<Datom> stream(long tx) {
    RunReader reader = spill.doing(() -> new RunReader(Files.newInputStream(file), 0));
    return StreamSupport.stream(
            Spliterators.spliterator(
                new Reading(reader, tx),
                count,
                Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
            false)
        .onClose(
            () ->
                spill.doing(
                    () -> {
                      reader.close();
                      return count;
                    }));
  }

  private final class Reading implements Iterator<Datom> {
    private final RunReader reader;
    private final long tx;
    private long done;

    Reading(RunReader reader, long tx) {
      this.reader = reader;
      this.tx = tx;
    }

    @Override
    public boolean hasNext() {
      return done < count;
    }

    @Override
    public Datom next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      done++;
      return spill.doing(
          () -> {
            if (!reader.next()) {
              throw new EOFException("a sorted file is shorter than it was");
            }
            return reader.datom(tx);
          });
    }
  }
}
