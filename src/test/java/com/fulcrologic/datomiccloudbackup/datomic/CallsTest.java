package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that do not come back, not even when they are interrupted. */
@Timeout(60)
class CallsTest {
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger givenUp = new AtomicInteger();

  @Test
  void onlySoManyCallsMayBeStuck() throws InterruptedException {
    Calls calls = new Calls(Duration.ofMillis(20));
    try {
      for (int i = 0; i < Calls.ABANDONED_COUNT_MAX + 4; i++) {
        assertThatThrownBy(() -> calls.call("wait", this::deaf, givenUp::incrementAndGet))
            .isInstanceOfSatisfying(
                AnomalyException.class,
                stuck -> assertThat(stuck.anomaly()).isEqualTo(Anomaly.UNAVAILABLE));
      }
      assertThat(begun).hasValue(Calls.ABANDONED_COUNT_MAX);
      assertThat(givenUp).hasValue(Calls.ABANDONED_COUNT_MAX);
      assertThat(Calls.abandonedCount()).isEqualTo(Calls.ABANDONED_COUNT_MAX);
    } finally {
      released.countDown();
    }
    while (Calls.abandonedCount() > 0) {
      TimeUnit.MILLISECONDS.sleep(5); // the class's time limit bounds it
    }
    String result = new Calls(Duration.ofMinutes(1)).call("answer", () -> "answer", () -> {});
    assertThat(result).isEqualTo("answer");
  }

  private String deaf() {
    begun.incrementAndGet();
    while (released.getCount() > 0) {
      try {
        released.await();
      } catch (InterruptedException ignored) {
        // as a client may
      }
    }
    return "late";
  }
}
