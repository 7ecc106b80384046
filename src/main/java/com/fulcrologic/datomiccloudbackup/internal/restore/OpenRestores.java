package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The restores that continue from call to call, for callers without a session: so many at most, and
 * none that was not used for so long. A restore that is dropped costs look-ups, no correctness.
 * Thread-safe.
 */
public final class OpenRestores {
  static final int COUNT_MAX = 4;
  static final Duration IDLE_MAX = Duration.ofMinutes(15);

  private final LongSupplier nanoClock;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(); // the longest unused one first

  private record Key(String name, DatomicConnection target) {}

  private record Entry(Restore restore, long usedNanos) {}

  public OpenRestores() {
    this(System::nanoTime);
  }

  OpenRestores(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** The restore of this backup into this target; opened where there is none. */
  public synchronized Restore get(String name, DatomicConnection target, Supplier<Restore> open) {
    long now = nanoClock.getAsLong();
    entries.values().removeIf(entry -> now - entry.usedNanos() > IDLE_MAX.toNanos());
    Key key = new Key(name, target);
    Entry known = entries.remove(key);
    Restore restore = known == null ? open.get() : known.restore();
    entries.put(key, new Entry(restore, now));
    if (entries.size() > COUNT_MAX) {
      entries.remove(entries.keySet().iterator().next());
    }
    return restore;
  }
}
