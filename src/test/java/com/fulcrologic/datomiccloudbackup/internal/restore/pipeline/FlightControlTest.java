package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Against targets of which the rate is known for each number in flight; the clock is ours. */
class FlightControlTest {
  private long nanos;

  private FlightControl control(TransactionsInFlight bounds) {
    return new FlightControl(bounds, () -> nanos);
  }

  /**
   * Commits transactions, each as fast as the target is with as many in flight as are asked for.
   */
  private int run(FlightControl control, int count, IntToDoubleFunction microsOfOne) {
    int largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, control.size());
      nanos += (long) (microsOfOne.applyAsDouble(control.size()) * 1e3);
      control.committed(10);
    }
    return largest;
  }

  @Test
  void goesUpWhileThatIsFaster() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    run(control, 300, size -> 10_000.0 / size);
    assertThat(control.size()).isEqualTo(16);
  }

  /** A thousand transactions are over in a second: half of it would be gone with going up. */
  @Test
  void goesStraightUpAtFirst() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    run(control, 8 + 8 + 12 + 24, size -> 10_000.0 / size);
    assertThat(control.size()).isEqualTo(16);
    run(control, 48, size -> 10_000.0 / size);
    assertThat(control.size()).as("and stays").isEqualTo(16);
  }

  @Test
  void staysWhereMoreBringNothing() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    int[] atOne = new int[1];
    run(
        control,
        5_000,
        size -> {
          atOne[0] += size == 1 ? 1 : 0;
          return 100;
        });
    assertThat(atOne[0]).as("trials get rare").isGreaterThan(4_500);
  }

  @Test
  void stopsWhereTheTargetIsBusy() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    int[] counts = new int[33];
    run(
        control,
        20_000,
        size -> {
          counts[size]++;
          return Math.max(10_000.0 / size, 2_500);
        });
    assertThat(counts[4]).isGreaterThan(17_000);
  }

  @Test
  void comesDownWhenTheTargetComesNearer() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    run(control, 300, size -> 10_000.0 / size);
    run(control, 5_000, size -> 100);
    int largest = run(control, 1_000, size -> 100);
    assertThat(largest).isLessThanOrEqualTo(2);
  }

  @Test
  void staysWithinItsBounds() {
    FlightControl control = control(new TransactionsInFlight(2, 6));
    assertThat(run(control, 2_000, size -> 10_000.0 / size)).isEqualTo(6);
    int[] least = {6};
    run(
        control,
        10_000,
        size -> {
          least[0] = Math.min(least[0], size);
          return 10.0 * size;
        });
    assertThat(least[0]).isEqualTo(2);
    FlightControl exactly = control(TransactionsInFlight.exactly(5));
    exactly.disturbed();
    assertThat(run(exactly, 1_000, size -> 1)).isEqualTo(5);
    assertThat(exactly.size()).isEqualTo(5);
  }

  @Test
  void sendsHalfAsManyToATargetThatIsDisturbed() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    run(control, 300, size -> 10_000.0 / size);
    control.disturbed();
    assertThat(control.size()).isEqualTo(8);
    for (int i = 0; i < 10; i++) {
      control.disturbed();
    }
    assertThat(control.size()).isEqualTo(1);
  }

  @Test
  void keepsADistanceOnceOneHasOvertaken() {
    FlightControl control = control(TransactionsInFlight.ADAPTIVE);
    assertThat(control.gapNanos()).isZero();
    nanos++;
    control.overtook(nanos);
    long first = control.gapNanos();
    assertThat(first).isPositive();
    control.overtook(nanos - 1);
    assertThat(control.gapNanos()).as("of the same accident").isEqualTo(first);
    nanos++;
    control.overtook(nanos);
    assertThat(control.gapNanos()).isGreaterThan(first);
    run(control, 1_000, size -> 1_000);
    assertThat(control.gapNanos()).as("forgotten").isZero();
    for (int i = 0; i < 100; i++) {
      nanos++;
      control.overtook(nanos);
    }
    assertThat(control.gapNanos()).as("bounded").isEqualTo(50_000_000);
  }
}
