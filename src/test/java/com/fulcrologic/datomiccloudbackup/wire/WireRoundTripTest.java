package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.BACKUP;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.VERIFY;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.assertEqual;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.cloning;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.filled;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.restoreAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From Cloud to Cloud, and across: one log, one truth, whatever client reads it. */
@Timeout(300)
class WireRoundTripTest {
  private static final int WORLD_COUNT = 12;

  private static WireSystem system;
  private static LocalSystem embedded;

  @BeforeAll
  static void start() {
    system = WireSystem.start();
    embedded = LocalSystem.inMemory();
    filled(system, "world");
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Test
  void theSampleWorldIsTheSameThroughAnyClient() {
    roundTrips("world");
  }

  @Test
  void randomWorldsAreTheSameThroughAnyClient() {
    Long only = Long.getLong("seed");
    int done = 0;
    for (long seed = only == null ? 1 : only; done < (only == null ? WORLD_COUNT : 1); seed++) {
      String name = empty(system, "random-" + seed);
      RandomWorld.fill(system.local(name), new SplittableRandom(seed).split());
      if (!fitsTheWire(system.local(name))) {
        continue;
      }
      done++;
      try {
        roundTrips(name);
      } catch (RuntimeException | AssertionError failed) {
        throw new AssertionError("-Dseed=" + seed, failed);
      }
    }
  }

  /** Text of the wire is UTF-8, which has no half of a surrogate pair. */
  private static boolean fitsTheWire(DatomicConnection connection) {
    return log(connection).stream()
        .flatMap(transaction -> transaction.datoms().stream())
        .map(Datom::v)
        .allMatch(WireRoundTripTest::isUtf8);
  }

  private static boolean isUtf8(@Nullable Object value) {
    return value instanceof List<?> elements
        ? elements.stream().allMatch(WireRoundTripTest::isUtf8)
        : !(value instanceof String text) || UTF_8.newEncoder().canEncode(text);
  }

  private static void roundTrips(String name) {
    DatomicConnection wire = system.connect(name);
    DatomicConnection local = system.local(name);
    List<Transaction> ofWire = log(wire);
    List<Transaction> ofLocal = log(local);
    assertThat(ofWire).hasSameSizeAs(ofLocal);
    for (int i = 0; i < ofWire.size(); i++) {
      assertThat(TransactionHash.sha256(ofWire.get(i)))
          .as("one log has one hash: %s and %s", ofWire.get(i), ofLocal.get(i))
          .isEqualTo(TransactionHash.sha256(ofLocal.get(i)));
    }

    // Cloud to Cloud, and Cloud to Local.
    Cloning fromWire = cloning();
    fromWire.backup("w", wire, BACKUP);
    assertEqual(fromWire.verifyStored("w", wire, VERIFY));
    String copy = empty(system, "copy-of-" + name);
    restoreAll(fromWire, "w", system.connect(copy));
    LogComparison.assertEqualReadBack(local, system.local(copy));
    assertEqual(fromWire.verify("w", system.connect(copy), VERIFY));
    DatomicConnection target = embedded.newDatabase();
    restoreAll(fromWire, "w", target);
    LogComparison.assertEqualReadBack(local, target);
    assertEqual(fromWire.verify("w", target, VERIFY));
    assertEqual(fromWire.verify(wire, target, VERIFY));
    assertEqual(fromWire.verifyRestore("w", VERIFY));

    // Local to Cloud, on a sealed store: the backup that the one client made is held against the
    // other.
    Cloning fromLocal = Cloning.with(Stores.sealed(new MemoryBackupStore()));
    DatomicConnection named = system.local(name);
    fromLocal.backup("w", named, BACKUP);
    assertEqual(fromLocal.verifyStored("w", wire, VERIFY));
    assertThat(fromLocal.backup("w", wire, BACKUP).segments()).as("it is its own").isEmpty();
    fromLocal.backup("w", wire, BACKUP.startingAt(0));
    String other = empty(system, "other-of-" + name);
    restoreAll(fromLocal, "w", system.connect(other));
    LogComparison.assertEqualReadBack(local, system.local(other));
    assertEqual(fromLocal.verify("w", system.connect(other), VERIFY));
  }

  private static List<Transaction> log(DatomicConnection connection) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      return log.toList();
    }
  }

  /** The next float is another one; so is another scale. */
  @Test
  void anotherValueIsADifference() {
    Cloning cloning = cloning();
    String one = withShare("one", 1.1f);
    String two = withShare("two", Math.nextUp(1.1f));
    cloning.backup("w", system.connect(one), BACKUP);
    VerificationReport report = cloning.verifyStored("w", served(two, one), VERIFY);
    assertThat(report.isEqual()).isFalse();
    assertThat(report.differences()).isNotEmpty();
  }

  /** The same database by id and beginning, with another end. */
  private static DatomicConnection served(String name, String as) {
    String id = system.connect(as).databaseId();
    return new com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection(
        system.connect(name)) {
      @Override
      public String databaseId() {
        return id;
      }
    };
  }

  private static String withShare(String name, float share) {
    empty(system, name);
    DatomicConnection connection = system.local(name);
    connection.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :w/share :db/valueType :db.type/float"
                    + " :db/cardinality :db.cardinality/one}"
                    + " [:db/add \"datomic.tx\" :db/txInstant #inst \"2001-01-01\"]]"));
    connection.transact(
        List.of(
            TxData.add("e", Keyword.intern("w", "share"), share),
            TxData.add(
                TxData.CURRENT_TRANSACTION,
                Keyword.intern("db", "txInstant"),
                new java.util.Date(1_000_000_000_000L))));
    return name;
  }
}
