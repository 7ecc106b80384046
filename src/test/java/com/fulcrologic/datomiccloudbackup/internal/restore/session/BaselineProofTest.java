package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The proof of a restore from a baseline agrees with the tests' own comparison. */
class BaselineProofTest {
  private static final int WORLD_COUNT = Integer.getInteger("worlds", 30);
  private static final VerifyOptions VERIFY = VerifyOptions.DEFAULTS.quotingValues();

  private final LocalSystem system = LocalSystem.inMemory();
  private final Map<Object, Object> failures = new LinkedHashMap<>();
  private int unequalCount;

  @Test
  void provesTheSampleWorldFromAnyT() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    StoredBackup backup = backup(source, 7);
    long step = Integer.getInteger("step", 9);
    for (long t = Long.getLong("t", 1); t <= Long.getLong("t", source.basisT()); t += step) {
      prove("all", t, source, backup, OPTIONS);
      prove("name", t, source, backup, OPTIONS.excluding(":w/name").excluding(":w/log"));
      prove("namespace", t, source, backup, OPTIONS.excluding(":w/*"));
      prove(
          "included",
          t,
          source,
          backup,
          OPTIONS
              .including(":w/id")
              .including(":w/name")
              .including(":w/friend")
              .including(":w/count"));
      prove("doc", t, source, backup, OPTIONS.excluding(":db/doc").excluding(":w/flag"));
      prove(
          "rewritten",
          t,
          source,
          backup,
          OPTIONS
              .rewriting(":w/email", email -> "m" + ((String) email).length())
              .rewriting(":w/name", name -> "n" + ((String) name).length())
              .rewriting(":w/count", count -> (Long) count / 1_000));
    }
    prove("newest", source.basisT(), source, backup, OPTIONS);
    assertThat(failures).isEmpty();
    assertThat(unequalCount).isZero();
  }

  @Test
  void provesARandomWorld() {
    long first = Long.getLong("seed", 1);
    long count = Long.getLong("seed") == null ? WORLD_COUNT : 1;
    for (long seed = first; seed < first + count; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      DatomicConnection source = system.newDatabase();
      RandomWorld.fill(source, random.split());
      StoredBackup backup = backup(source, random.nextInt(1, 21));
      prove("seed " + seed, random.nextLong(6, source.basisT() + 1), source, backup, OPTIONS);
    }
    assertThat(failures).as("seeds that failed: -Dseed=N replays one").isEmpty();
    assertThat(unequalCount).as("states beyond a load").isLessThan(WORLD_COUNT / 5 + 1);
  }

  /** The verdict of the tests' own comparison. */
  private static boolean isEqual(long t, DatomicConnection source, DatomicConnection target) {
    try {
      LogComparison.assertEqualFromBaseline(t, source, target);
      return true;
    } catch (AssertionError different) {
      return false;
    }
  }

  private void prove(
      String what, long t, DatomicConnection source, StoredBackup backup, RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    BatchSizes sizes = new BatchSizes(20, 7, 1 << 19);
    Restoring restoring =
        new Restoring(backup, IdMap.SIZE_MAX, TransactionSteps.DATOM_COUNT_MAX, sizes);
    try {
      RestoreOptions from = options.fromBaseline(new RestorePoint.AtT(t));
      while (restoring.restoreSegment(target, from) instanceof RestoredSegment) {
        // until nothing is new
      }
    } catch (AnomalyException beyondTheLoad) {
      return;
    }
    boolean isFiltered = options.isFiltering();
    boolean isEqual = isFiltered || isEqual(t, source, target);
    unequalCount += isEqual ? 0 : 1;
    VerificationReport stored = Verification.ofRestored(backup, target, VERIFY);
    VerificationReport live = Verification.ofRestored(source, target, VERIFY);
    for (VerificationReport report : List.of(stored, live)) {
      if (report.isEqual() != isEqual) {
        failures.put(what + " at t " + t, report.differences());
      }
      assertThat(report.baseline().orElseThrow().t()).isEqualTo(t);
      assertThat(report.transactionCount()).isEqualTo(source.basisT() - t);
      assertThat(report.range())
          .isEqualTo(
              t == source.basisT()
                  ? Optional.empty()
                  : Optional.of(new TxRange(t + 1, source.basisT() + 1)));
    }
    assertThat(live.baseline()).isEqualTo(stored.baseline());
  }
}
