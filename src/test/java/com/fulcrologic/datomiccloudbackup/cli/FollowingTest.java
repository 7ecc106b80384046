package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The lines of a job that runs for months. */
class FollowingTest {
  private final List<String> lines = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private final Following following =
      new Following(lines::add, warning -> lines.add("warning: " + warning), clock(), true, false);

  @Test
  void oneLineAMinuteSumsUpWhatManyPollsStored() {
    poll(10, Lag.NONE);
    assertThat(lines)
        .containsExactly("2026-01-31T12:00:00Z stored 10 transactions, backup up to date");
    for (int i = 0; i < 30; i++) {
      pass(2);
      poll(16, Lag.NONE);
    }
    assertThat(lines)
        .hasSize(2)
        .endsWith("2026-01-31T12:01:00Z stored 480 transactions, backup up to date");
    pass(3_600);
    poll(0, Lag.NONE);
    assertThat(lines).as("nothing is new").hasSize(2);
  }

  @Test
  void troubleBeginsAndEndsAtOnce() {
    poll(1, Lag.NONE);
    pass(5);
    for (int i = 1; i < 4; i++) {
      following.retrying("a", new StoreException("out of reach", "wait"), i, Duration.ofSeconds(1));
      following.backupLag("a", new Lag(i, Duration.ofSeconds(i)));
      pass(1);
    }
    poll(3, Lag.NONE);
    assertThat(lines.subList(1, lines.size()))
        .filteredOn(line -> !line.startsWith("warning: "))
        .containsExactly(
            "2026-01-31T12:00:05Z backup 1 t behind, 1.0 s",
            "2026-01-31T12:00:08Z stored 3 transactions, backup up to date");
    assertThat(lines).filteredOn(line -> line.startsWith("warning: ")).hasSize(3);
  }

  @Test
  void aBackupThatIsBehindSaysSoAfterAMinute() {
    for (int i = 0; i < 70; i++) {
      poll(10, new Lag(100, Duration.ofHours(2)));
      pass(1);
    }
    assertThat(lines)
        .containsExactly("2026-01-31T12:01:00Z stored 610 transactions, backup 100 t behind, 2 h");
  }

  @Test
  void aLoadedStateIsNoTransaction() {
    RestoredSegment loaded =
        new RestoredSegment(
            OptionalLong.of(1_000), new TxRange(0, 1_001), 1, 300, Set.of(), List.of(), List.of());
    following.restored("a", loaded, Duration.ofSeconds(3));
    assertThat(lines)
        .containsExactly(
            "loaded the state as of source t 1000: 300 datoms with Datomic's own, in 3.0 s (100"
                + " datoms/s)");
    following.backupLag("a", Lag.NONE);
    assertThat(lines).last().asString().doesNotContain("restored");
  }

  @Test
  void aTransactionThatDatomicLogsOtherwiseIsNamed() {
    RestoredSegment unequal =
        new RestoredSegment(
            OptionalLong.empty(), new TxRange(0, 8), 8, 30, Set.of(), List.of(7L), List.of());
    following.restored("a", unequal, Duration.ofSeconds(3));
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("warning: the target logged other datoms than the source, at source t 7")
        .contains("verify");
  }

  private void poll(int count, Lag lag) {
    if (count > 0) {
      following.backedUp(
          "a",
          new BackedUpSegment(
              new TxRange(0, count), count, count, 100, Optional.empty(), Optional.empty()),
          Duration.ZERO);
    }
    following.backupLag("a", lag);
    following.backupHealthy("a");
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
