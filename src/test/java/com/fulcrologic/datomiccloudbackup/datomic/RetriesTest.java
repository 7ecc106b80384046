package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetriesTest {
  private static final RetryPolicy THREE = new RetryPolicy(3, Duration.ZERO, Duration.ZERO);

  @ParameterizedTest
  @EnumSource(Anomaly.class)
  void repeatsWhatIsTransientAndNothingElse(Anomaly anomaly) {
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(() -> Retries.whileTransient(THREE, () -> fail(anomaly, calls)))
        .isInstanceOfSatisfying(
            AnomalyException.class, thrown -> assertThat(thrown.anomaly()).isEqualTo(anomaly));
    boolean isTransient =
        switch (anomaly) {
          case BUSY, UNAVAILABLE, INTERRUPTED -> true;
          default -> false;
        };
    assertThat(calls).hasValue(isTransient ? 3 : 1);
  }

  @Test
  void answersWithTheFirstSuccess() {
    AtomicInteger calls = new AtomicInteger();
    String answer =
        Retries.whileTransient(
            THREE, () -> calls.incrementAndGet() < 3 ? fail(Anomaly.BUSY, calls, 0) : "yes");
    assertThat(answer).isEqualTo("yes");
  }

  @Test
  void stopsWaitingWhenInterruptedAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(() -> Retries.whileTransient(THREE, () -> fail(Anomaly.BUSY, calls)))
        .isInstanceOf(AnomalyException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(calls).hasValue(1);
  }

  @Test
  void waitsLongerEachTimeUpToABound() {
    RetryPolicy policy = new RetryPolicy(100, Duration.ofMillis(10), Duration.ofMillis(75));
    assertThat(policy.delayBoundAfter(1)).isEqualTo(Duration.ofMillis(10));
    assertThat(policy.delayBoundAfter(2)).isEqualTo(Duration.ofMillis(20));
    assertThat(policy.delayBoundAfter(4)).isEqualTo(Duration.ofMillis(75));
    assertThat(policy.delayBoundAfter(99)).isEqualTo(Duration.ofMillis(75));
    assertThatThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knowsEachCategoryByItsName() {
    assertThat(Anomaly.named("not-found")).isEqualTo(Anomaly.NOT_FOUND);
    assertThat(Anomaly.named("something-new")).isEqualTo(Anomaly.FAULT);
  }

  private static String fail(Anomaly anomaly, AtomicInteger calls) {
    return fail(anomaly, calls, 1);
  }

  private static String fail(Anomaly anomaly, AtomicInteger calls, int step) {
    calls.addAndGet(step);
    throw new AnomalyException("try", anomaly, null, null);
  }
}
