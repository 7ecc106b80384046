package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The restores that continue from call to call, for callers without a session: at most {@link
 * #COUNT_MAX}, each for {@link #IDLE_MAX} after its last use. A restore that is dropped costs
 * look-ups, no correctness. Thread-safe.
 */
public final class OpenRestores {
  static final int COUNT_MAX = 4;
  static final Duration IDLE_MAX = Duration.ofMinutes(15);

  private final LongSupplier nanoClock;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(); // the longest unused one first

  private record Key(String name, DatomicConnection target) {}

  private record Entry(Restore restore, RestoreOptions options, long usedNanos) {}

  public OpenRestores() {
    this(System::nanoTime);
  }

  OpenRestores(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * The restore of this backup into this target; opened if there is none, or one with other
   * options. The listener may be another one at each call.
   */
  public synchronized Restore get(
      String name, DatomicConnection target, RestoreOptions options, Supplier<Restore> open) {
    long now = nanoClock.getAsLong();
    entries.values().removeIf(entry -> now - entry.usedNanos() > IDLE_MAX.toNanos());
    Key key = new Key(name, target);
    Entry known = entries.remove(key);
    Restore restore =
        known != null && isSame(known.options(), options) ? known.restore() : open.get();
    entries.put(key, new Entry(restore, options, now));
    if (entries.size() > COUNT_MAX) {
      entries.remove(entries.keySet().iterator().next());
    }
    return restore;
  }

  private static boolean isSame(RestoreOptions one, RestoreOptions other) {
    return one.filtersAs(other)
        && one.until().equals(other.until())
        && one.baseline().equals(other.baseline())
        && one.spillDirectory().equals(other.spillDirectory())
        && one.retryPolicy().equals(other.retryPolicy())
        && one.inFlight().equals(other.inFlight());
  }
}
