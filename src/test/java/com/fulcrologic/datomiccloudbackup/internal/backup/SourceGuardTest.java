package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim;
import com.fulcrologic.datomiccloudbackup.internal.stored.SourceClaim.Reason;
import com.fulcrologic.datomiccloudbackup.internal.stored.Standing;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One database writes under a backup's name, while its past is the one that is stored. */
class SourceGuardTest {
  private static final RetryPolicy AT_ONCE = new RetryPolicy(4, Duration.ZERO, Duration.ZERO);
  private static final BackupOptions OPTIONS =
      BackupOptions.DEFAULTS.withRetryPolicy(AT_ONCE).withTransactionCountMax(10);
  private static final BackupOptions ADOPTING = OPTIONS.adoptingSource();

  private static LocalSystem system;
  private static DatomicConnection source;

  private BackupStore store;
  private StoredBackup stored;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @BeforeEach
  void makeStore() {
    store = Stores.memory();
    stored = StoredBackup.of(store, "w");
  }

  @Test
  void refusesAnotherDatabaseUnderTheSameName() {
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    SampleWorld.grow(other, 1);
    List<StoredObject> before = objects();
    assertThatThrownBy(() -> new Backup(stored, other, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class)
        .hasMessageContaining(source.databaseId())
        .hasMessageContaining(other.databaseId());
    assertThat(objects()).isEqualTo(before);
  }

  @Test
  void refusesAnotherDatabaseAlsoWhenItHasNothingNew() {
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    DatomicConnection twin = system.newDatabase();
    SampleWorld.fill(twin);
    assertThatThrownBy(() -> new Backup(stored, twin, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
    assertThatThrownBy(
            () -> new Backup(stored, twin, CloningListener.IGNORING).backupNextSegment(10, AT_ONCE))
        .isInstanceOf(ForeignSourceException.class);
    assertThatThrownBy(() -> new Backup(stored, twin, CloningListener.IGNORING).repair(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
  }

  /** Durable Local keeps a database's identity when it is made anew, as a restored system may. */
  @Test
  void refusesASourceWithAnotherPast() {
    DatomicConnection first = new Named(system.newDatabase(), "orders");
    DatomicConnection second = new Named(system.newDatabase(), "orders");
    for (DatomicConnection each : List.of(first, second)) {
      transact(
          each,
          "[[:db/add \"datomic.tx\" :db/doc \"same\"]"
              + " [:db/add \"datomic.tx\" :db/txInstant #inst \"2001-01-01\"]]");
    }
    transact(first, "[[:db/add \"e\" :db/doc \"one past\"]]");
    transact(second, "[[:db/add \"e\" :db/doc \"another past\"]]");
    new Backup(stored, first, CloningListener.IGNORING).backup(OPTIONS);
    assertThatThrownBy(() -> new Backup(stored, second, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForkedHistoryException.class);
    transact(second, "[[:db/add \"e\" :db/doc \"going on\"]]");
    assertThatThrownBy(() -> new Backup(stored, second, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContainingAll("its t 7 has the hash " + hash(second, 7), hash(first, 7));
  }

  private static String hash(DatomicConnection connection, long t) {
    return TransactionHash.sha256(connection, t).orElseThrow();
  }

  /** It has nothing that differs: a node that is behind would look the same. */
  @Test
  void aSourceThatIsBehindItsBackupIsNoFork() {
    new Backup(stored, new Named(source, "orders"), CloningListener.IGNORING).backup(OPTIONS);
    DatomicConnection reset = new Named(system.newDatabase(), "orders");
    assertThatThrownBy(() -> new Backup(stored, reset, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(IncompleteBackupException.class)
        .hasMessageContaining("its basis is t 5");
    assertThatThrownBy(
            () ->
                new Backup(stored, reset, CloningListener.IGNORING).backupNextSegment(10, AT_ONCE))
        .isInstanceOf(IncompleteBackupException.class);
  }

  /** Shorter, and yet another one: its last transaction says so. */
  @Test
  void aShorterSourceWithAnotherPastIsAFork() {
    DatomicConnection longer = new Named(system.newDatabase(), "orders");
    DatomicConnection shorter = new Named(system.newDatabase(), "orders");
    for (DatomicConnection each : List.of(longer, shorter)) {
      transact(
          each,
          "[[:db/add \"datomic.tx\" :db/doc \"same\"]"
              + " [:db/add \"datomic.tx\" :db/txInstant #inst \"2001-01-01\"]]");
    }
    transact(longer, "[[:db/add \"e\" :db/doc \"one past\"]]");
    transact(longer, "[[:db/add \"e\" :db/doc \"more of it\"]]");
    transact(shorter, "[[:db/add \"e\" :db/doc \"another past\"]]");
    new Backup(stored, longer, CloningListener.IGNORING).backup(OPTIONS);

    assertThatThrownBy(() -> new Backup(stored, shorter, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContainingAll("its t 7 has the hash " + hash(shorter, 7), hash(longer, 7));
    assertThatThrownBy(() -> new Standing(stored).status(shorter, Optional.empty()))
        .isInstanceOf(ForkedHistoryException.class);
  }

  /** A basis that this connection had not heard of is not a fork, and nothing is waited for. */
  @Test
  void aBasisThatIsRememberedIsLookedAtAnew() {
    Remembering behind = new Remembering(source);
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    behind.basisT = 10;
    assertThat(new Backup(stored, behind, CloningListener.IGNORING).backup(OPTIONS).basisT())
        .isEqualTo(source.basisT());
    behind.basisT = 10;
    assertThat(new Standing(stored).status(behind, Optional.empty()).lag()).isEqualTo(Lag.NONE);
    behind.basisT = 10;
    new Backup(stored, behind, CloningListener.IGNORING).backupRange(new TxRange(0, 30), OPTIONS);
  }

  /** An answer that is empty is no transaction that differs. */
  @Test
  void aTransactionThatIsNotShownIsNoFork() {
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    DatomicConnection hiding =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            return super.txRange(range).filter(transaction -> transaction.t() < source.basisT());
          }
        };
    assertThatThrownBy(() -> new Backup(stored, hiding, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOfSatisfying(
            AnomalyException.class,
            hidden -> assertThat(hidden.anomaly()).isEqualTo(Anomaly.UNAVAILABLE));
  }

  /** As a client of Cloud does: it remembers a basis for a while. */
  private static final class Remembering extends ForwardingConnection {
    private long basisT;

    Remembering(DatomicConnection real) {
      super(real);
    }

    @Override
    public long basisT() {
      return basisT;
    }

    @Override
    public long freshBasisT() {
      basisT = super.basisT();
      return basisT;
    }

    @Override
    public Stream<Transaction> txRange(TxRange range) {
      return super.txRange(range).filter(transaction -> transaction.t() <= basisT);
    }
  }

  @Test
  void claimsAFreeNameBeforeTheFirstSegment() {
    List<String> created = new ArrayList<>();
    BackupStore watched = new CreatingStore(store, created::add);
    new Backup(StoredBackup.of(watched, "w"), source, CloningListener.IGNORING)
        .backup(OPTIONS.withParallelism(1));
    assertThat(created.get(0)).isEqualTo("w/claim");
    assertThat(created).hasSizeGreaterThan(2).containsOnlyOnce("w/claim");
    assertThat(stored.ownership().claims())
        .containsExactly(new SourceClaim(Reason.FIRST, identityOf(source)));
    assertThat(stored.foreignKeys().count()).isZero();
  }

  @Test
  void aNameThatWasOnlyClaimedIsStillThatSources() {
    BackupStore dying =
        new CreatingStore(
            store,
            key -> {
              if (!key.equals("w/claim")) {
                throw new StoreException("Failed to write", "killed");
              }
            });
    assertThatThrownBy(
            () ->
                new Backup(StoredBackup.of(dying, "w"), source, CloningListener.IGNORING)
                    .backupNextSegment(10, AT_ONCE))
        .isInstanceOf(StoreException.class);
    assertThat(keys()).containsExactly("w/claim");
    assertThat(stored.exists()).isFalse();
    assertThat(StoredBackup.names(store)).isEmpty();

    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    for (BackupOptions options : List.of(OPTIONS, ADOPTING)) {
      assertThatThrownBy(() -> new Backup(stored, other, CloningListener.IGNORING).backup(options))
          .isInstanceOf(ForeignSourceException.class)
          .hasMessageContaining(source.databaseId())
          .hasMessageContaining(other.databaseId());
    }
    assertThat(keys()).containsExactly("w/claim");
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    assertThat(stored.gaps(0)).isEmpty();
  }

  /** Neither finds a segment when it looks; the claim lets one of them through. */
  @Test
  void ofTwoSourcesThatRaceForAnEmptyNameOneWins() throws Exception {
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    for (int round = 0; round < 20; round++) {
      StoredBackup raced = StoredBackup.of(Stores.memory(), "w");
      CyclicBarrier start = new CyclicBarrier(2);
      List<Callable<Boolean>> racers = new ArrayList<>();
      for (DatomicConnection each : List.of(source, other)) {
        racers.add(
            () -> {
              start.await();
              try {
                new Backup(raced, each, CloningListener.IGNORING).backupNextSegment(10, AT_ONCE);
                return true;
              } catch (ForeignSourceException refused) {
                return false;
              }
            });
      }
      List<Boolean> won = new ArrayList<>();
      for (Future<Boolean> racer : executor.invokeAll(racers)) {
        won.add(racer.get());
      }
      assertThat(won).containsOnlyOnce(true);
      DatomicConnection winner = won.get(0) ? source : other;
      assertThat(raced.info(new TxRange(0, 10)).source()).isEqualTo(identityOf(winner));
    }
    executor.shutdown();
  }

  /**
   * Durable Local reports only a name, so before the first transaction all of one name are equal.
   */
  @Test
  void theFirstTransactionCompletesTheClaim() {
    DatomicConnection first = new Named(system.newDatabase(), "orders");
    DatomicConnection second = new Named(system.newDatabase(), "orders");
    new Backup(stored, first, CloningListener.IGNORING).backup(OPTIONS);
    assertThat(stored.ownership().current()).hasValue(new SourceIdentity("orders", null));
    new Backup(stored, second, CloningListener.IGNORING).backup(OPTIONS);
    transact(first, "[[:db/add \"e\" :db/doc \"of the first\"]]");
    transact(second, "[[:db/add \"e\" :db/doc \"of the second\"]]");

    new Backup(stored, second, CloningListener.IGNORING).backup(OPTIONS);

    assertThat(stored.ownership().claims())
        .extracting(SourceClaim::reason)
        .containsExactly(Reason.FIRST, Reason.COMPLETED);
    assertThatThrownBy(() -> new Backup(stored, first, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
    assertThat(stored.info(stored.newest().orElseThrow().range()).source())
        .isEqualTo(identityOf(second));
  }

  @Test
  void aResetSourceIsBehindAlsoWhereNothingButTheClaimIsStored() {
    assertThat(stored.ownership().add(new SourceClaim(Reason.FIRST, identity("orders", source))))
        .isTrue();
    assertThatThrownBy(
            () ->
                new Backup(
                        stored, new Named(system.newDatabase(), "orders"), CloningListener.IGNORING)
                    .backup(OPTIONS))
        .isInstanceOf(IncompleteBackupException.class)
        .hasMessageContaining("no transaction of its own");
    assertThat(keys()).containsExactly("w/claim");
  }

  @Test
  void aClaimThatSomebodyElseWroteMeanwhileCounts() {
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    BackupStore raced =
        new CreatingStore(
            store, key -> stored.ownership().add(new SourceClaim(Reason.FIRST, identityOf(other))));
    assertThatThrownBy(
            () ->
                new Backup(StoredBackup.of(raced, "w"), source, CloningListener.IGNORING)
                    .backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
    assertThat(keys()).containsExactly("w/claim");
  }

  @Test
  void segmentsWithoutAClaimBelongToWhoWroteThem() {
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    StoredBackup copy = StoredBackup.of(copyWithoutClaims(), "w");
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    assertThatThrownBy(() -> new Backup(copy, other, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
    assertThat(copy.ownership().isClaimed()).isFalse();
    assertThat(new Backup(copy, source, CloningListener.IGNORING).backup(OPTIONS).segments())
        .isEmpty();
    assertThat(copy.ownership().current()).hasValue(identityOf(source));
  }

  @Test
  void adoptsTheSameLogUnderAnotherId() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    DatomicConnection before = new Named(growing, "before");
    DatomicConnection after = new Named(growing, "after");
    new Backup(stored, before, CloningListener.IGNORING).backup(OPTIONS);
    SampleWorld.grow(growing, 1);
    List<StoredObject> objects = objects();
    assertThatThrownBy(() -> new Backup(stored, after, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOfSatisfying(
            ForeignSourceException.class,
            refused -> assertThat(refused.hint()).contains("adopt it"))
        .hasMessageContainingAll("before/", "after/");
    assertThat(objects()).isEqualTo(objects);

    assertThat(new Backup(stored, after, CloningListener.IGNORING).backup(ADOPTING).segments())
        .isNotEmpty();

    assertThat(stored.ownership().claims())
        .containsExactly(
            new SourceClaim(Reason.FIRST, identity("before", growing)),
            new SourceClaim(Reason.ADOPTED, identity("after", growing)));
    assertThat(stored.foreignKeys().count()).isZero();
    SampleWorld.grow(growing, 2);
    BackupSummary next = new Backup(stored, after, CloningListener.IGNORING).backup(OPTIONS);
    assertThat(next.segments()).as("it goes on without being adopted again").isNotEmpty();
    for (BackedUpSegment segment : next.segments()) {
      assertThat(stored.info(segment.range()).source())
          .as("segments bear one identity, so a restore that was begun before goes on")
          .isEqualTo(identity("before", growing));
    }
    assertThatThrownBy(() -> new Backup(stored, before, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
    assertThat(new Backup(stored, after, CloningListener.IGNORING).backup(ADOPTING).segments())
        .isEmpty();
    assertThat(keys()).contains("w/claim-1").doesNotContain("w/claim-2");
  }

  @Test
  void adoptsNoOtherLog() {
    DatomicConnection fork = system.newDatabase();
    transact(
        fork,
        "[[:db/add \"e\" :db/doc \"another beginning\"]"
            + " [:db/add \"datomic.tx\" :db/txInstant #inst \"1975-01-01\"]]");
    SampleWorld.fill(fork);
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    List<StoredObject> before = objects();
    assertThatThrownBy(() -> new Backup(stored, fork, CloningListener.IGNORING).backup(ADOPTING))
        .isInstanceOf(ForkedHistoryException.class);
    assertThat(objects()).isEqualTo(before);
  }

  /** Restored to the same beginning, then gone on otherwise. */
  @Test
  void adoptsNoForkWithTheSameBeginning() {
    DatomicConnection one = system.newDatabase();
    DatomicConnection two = system.newDatabase();
    for (DatomicConnection each : List.of(one, two)) {
      transact(
          each,
          "[[:db/add \"datomic.tx\" :db/doc \"same\"]"
              + " [:db/add \"datomic.tx\" :db/txInstant #inst \"2001-01-01\"]]");
      transact(each, "[[:db/add \"e\" :db/doc \"of " + each.databaseId() + "\"]]");
    }
    new Backup(stored, one, CloningListener.IGNORING).backup(OPTIONS);
    List<StoredObject> before = objects();
    assertThatThrownBy(() -> new Backup(stored, two, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(ForeignSourceException.class);
    assertThatThrownBy(() -> new Backup(stored, two, CloningListener.IGNORING).backup(ADOPTING))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("its t 7 has the hash " + hash(two, 7));
    assertThat(objects()).isEqualTo(before);
  }

  /** What is stored last stands in both logs, and yet they began otherwise. */
  @Test
  void adoptsNoForkWithTheSameEnd() {
    DatomicConnection one = system.newDatabase();
    DatomicConnection two = system.newDatabase();
    for (DatomicConnection each : List.of(one, two)) {
      for (String doc : List.of("of " + each.databaseId(), "same")) {
        transact(
            each,
            "[[:db/add \"datomic.tx\" :db/doc \""
                + doc
                + "\"] [:db/add \"datomic.tx\" :db/txInstant #inst \"2001-01-01\"]]");
      }
    }
    new Backup(stored, one, CloningListener.IGNORING).backup(OPTIONS);
    List<StoredObject> before = objects();
    assertThatThrownBy(() -> new Backup(stored, two, CloningListener.IGNORING).backup(ADOPTING))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("its first transaction has the hash " + hash(two, 6));
    assertThat(objects()).isEqualTo(before);
  }

  /** The bootstrap is the same in every database: it tells nothing. */
  @Test
  void adoptsNothingByItsBootstrapAlone() {
    new Backup(stored, system.newDatabase(), CloningListener.IGNORING).backup(OPTIONS);
    assertThatThrownBy(() -> new Backup(stored, source, CloningListener.IGNORING).backup(ADOPTING))
        .isInstanceOf(ForeignSourceException.class);
  }

  /** A database that reports only a name, as durable Local does. */
  private static final class Named extends ForwardingConnection {
    private final String name;

    Named(DatomicConnection real, String name) {
      super(real);
      this.name = name;
    }

    @Override
    public String databaseId() {
      return name;
    }
  }

  /** Tells each key right before it is created. */
  private static final class CreatingStore extends ForwardingBackupStore {
    private final Consumer<String> listener;

    CreatingStore(BackupStore real, Consumer<String> listener) {
      super(real);
      this.listener = listener;
    }

    @Override
    public boolean create(String key, byte[] content) {
      listener.accept(key);
      return super.create(key, content);
    }
  }

  private BackupStore copyWithoutClaims() {
    BackupStore copy = Stores.memory();
    for (String key : keys()) {
      if (!key.contains("claim")) {
        copy.create(key, store.read(key, Integer.MAX_VALUE).orElseThrow());
      }
    }
    return copy;
  }

  private static SourceIdentity identityOf(DatomicConnection connection) {
    SourceLog log = new SourceLog(connection);
    return log.identity(log.firstTransaction());
  }

  private static SourceIdentity identity(String id, DatomicConnection connection) {
    return new SourceIdentity(id, identityOf(connection).firstTransactionHash());
  }

  private static void transact(DatomicConnection connection, String forms) {
    connection.transact((List<?>) Edn.read(forms));
  }

  private List<String> keys() {
    return objects().stream().map(StoredObject::key).toList();
  }

  private List<StoredObject> objects() {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.toList();
    }
  }
}
