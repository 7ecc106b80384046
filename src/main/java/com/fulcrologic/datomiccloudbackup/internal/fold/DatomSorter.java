package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * An external merge sort that keeps the last word on each entity, attribute and value. Datoms are
 * collected in memory, and written as sorted runs; the runs are merged, {@value #FAN_IN} at a time.
 * Mutable, one thread.
 */
public final class DatomSorter {
  /** The bounds of a run: together with the values, some 60 MB in memory. */
  static final int COUNT_MAX = 1 << 19;

  static final int SIZE_MAX = 24 << 20;
  private static final int FAN_IN = 32;

  private final Spill spill;
  private final int countMax;
  private final SortBuffer buffer = new SortBuffer();

  /** Runs by how often their content was merged; within a level, and from high to low, by age. */
  private final List<List<Path>> levels = new ArrayList<>();

  public DatomSorter(Spill spill) {
    this(spill, COUNT_MAX);
  }

  DatomSorter(Spill spill, int countMax) {
    this.spill = spill;
    this.countMax = countMax;
  }

  /**
   * Adds what one transaction says. The order within it has no meaning: what it asserts is there
   * after it.
   */
  public void add(List<Datom> datoms) {
    for (Datom datom : datoms) {
      if (!datom.added()) {
        buffer.add(datom);
      }
    }
    for (Datom datom : datoms) {
      if (datom.added()) {
        buffer.add(datom);
      }
    }
    if (buffer.count() >= countMax || buffer.size() >= SIZE_MAX) {
      writeRun();
    }
  }

  /**
   * Sorts all that was added, and keeps what is asserted at the end: by entity ({@link
   * State#order}), attribute and value. Ends this sorter.
   */
  public SpilledDatoms finish() {
    if (buffer.count() > 0) {
      writeRun();
    }
    List<Path> runs = new ArrayList<>();
    for (int level = levels.size() - 1; level >= 0; level--) {
      runs.addAll(levels.get(level));
    }
    Path sorted = spill.newFile();
    return new SpilledDatoms(spill, sorted, merge(runs, sorted, false));
  }

  private void writeRun() {
    Path run = spill.newFile();
    try (RunWriter out = new RunWriter(spill, run)) {
      buffer.drainTo(out);
    }
    add(run, 0);
  }

  private void add(Path run, int level) {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    List<Path> runs = levels.get(level);
    runs.add(run);
    if (runs.size() == FAN_IN) {
      Path merged = spill.newFile();
      merge(runs, merged, true);
      runs.clear();
      add(merged, level + 1);
    }
  }

  /** Merges runs, from old to new, and deletes them; returns how many entries are left. */
  private long merge(List<Path> runs, Path target, boolean withRetractions) {
    PriorityQueue<RunReader> readers =
        new PriorityQueue<>((Comparator<RunReader>) RunReader::compareWithAge);
    List<RunReader> opened = new ArrayList<>();
    try (RunWriter out = new RunWriter(spill, target)) {
      for (Path run : runs) {
        RunReader reader = new RunReader(spill, run, opened.size());
        opened.add(reader);
        if (reader.next()) {
          readers.add(reader);
        }
      }
      while (!readers.isEmpty()) {
        mergeNext(readers, out, withRetractions);
      }
      runs.forEach(spill::delete);
      return out.count();
    } finally {
      Collections.reverse(opened);
      opened.forEach(RunReader::close);
    }
  }

  private static void mergeNext(
      PriorityQueue<RunReader> readers, RunWriter out, boolean withRetractions) {
    RunReader last = readers.remove();
    if (withRetractions || last.added()) {
      last.copyTo(out);
    }
    while (!readers.isEmpty() && readers.element().compareTo(last) == 0) {
      proceed(readers.remove(), readers);
    }
    proceed(last, readers);
  }

  private static void proceed(RunReader reader, PriorityQueue<RunReader> readers) {
    if (reader.next()) {
      readers.add(reader);
    }
  }
}
