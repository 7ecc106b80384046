package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept for callers without a session has bounds. */
class OpenRestoresTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final OpenRestores restores = new OpenRestores(nanos::get);
  private final DatomicConnection target = LocalSystem.inMemory().newDatabase();

  @Test
  void keepsARestoreFromCallToCall() {
    Restore first = get("a");
    assertThat(get("a")).isSameAs(first);
    assertThat(get("b")).isNotSameAs(first);
    nanos.addAndGet(OpenRestores.IDLE_MAX.toNanos());
    assertThat(get("a")).isSameAs(first);
    nanos.addAndGet(OpenRestores.IDLE_MAX.toNanos() + 1);
    assertThat(get("a")).as("idle for too long").isNotSameAs(first);
  }

  @Test
  void dropsTheOneThatWasNotUsedForLongest() {
    Restore first = get("0");
    Restore second = get("1");
    for (int i = 2; i < OpenRestores.COUNT_MAX; i++) {
      get(String.valueOf(i));
    }
    assertThat(get("0")).isSameAs(first);
    get("one more");
    assertThat(get("0")).isSameAs(first);
    assertThat(get("1")).isNotSameAs(second);
  }

  @Test
  void keepsARestoreForTheSameOptionsOnly() {
    Restore first = get("a");
    assertThat(get("a", RestoreOptions.DEFAULTS.withListener(progress -> {}))).isSameAs(first);
    assertThat(get("a", RestoreOptions.DEFAULTS.until(3))).isNotSameAs(first);
    Restore excluding = get("a", RestoreOptions.DEFAULTS.excluding(":a/b"));
    assertThat(get("a", RestoreOptions.DEFAULTS.excluding(":a/b"))).isSameAs(excluding);
    assertThat(get("a")).isNotSameAs(first);
  }

  private Restore get(String name) {
    return get(name, RestoreOptions.DEFAULTS);
  }

  private Restore get(String name, RestoreOptions options) {
    return restores.get(
        name,
        target,
        options,
        () -> new Restore(StoredBackup.of(new MemoryBackupStore(), name), target, options));
  }
}
