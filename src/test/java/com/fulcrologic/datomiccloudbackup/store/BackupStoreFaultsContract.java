package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * What becomes of a fault in every {@link BackupStore}: a part of {@link BackupStoreContract}. The
 * store's own test knows how each is brought about, and when is decided here: at each request of a
 * call, once, a few times, or from then on.
 */
public abstract class BackupStoreFaultsContract extends BackupStoreSegmentsContract {
  /** Requests of one call that a lasting fault may strike: it is not met with patience. */
  private static final int LASTING_STRIKE_COUNT_MAX = 4;

  /** The same of a transient fault: patience ends. */
  private static final int TRANSIENT_STRIKE_COUNT_MAX = 100;

  private static final int ALWAYS = Integer.MAX_VALUE;
  private static final int[] STRIKE_COUNTS = {1, 3, ALWAYS};
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(6).nextBytes(CONTENT);
  }

  /** A store's methods. */
  enum Call {
    WRITE,
    READ,
    LIST
  }

  /** What can happen to a request, of a store to whatever keeps its objects. */
  public enum Fault {
    /** A write is carried out, and its reply is lost. */
    LOST_REPLY,
    /** Refused for now, as there are too many: nothing was carried out. */
    BUSY,
    /** Fails, as by a defect of the server or an error of the disk; nothing was carried out. */
    BROKEN,
    /** What is read ends before its end, after the first 100 000 bytes. */
    CUT_READ,
    /** What is read stands still, after the first 100 000 bytes. */
    STALLED_READ,
    /** Refused, since this process may not. */
    ACCESS_DENIED,
    /** Refused where it writes, since nobody may, or this process may not. */
    READ_ONLY,
    /** There is no room for what is written. */
    FULL;

    boolean strikes(Call call) {
      return switch (this) {
        case LOST_REPLY, READ_ONLY, FULL -> call == Call.WRITE;
        case CUT_READ, STALLED_READ -> call == Call.READ;
        case BUSY, BROKEN, ACCESS_DENIED -> true;
      };
    }

    private boolean isLasting() {
      return this == ACCESS_DENIED || this == READ_ONLY || this == FULL;
    }

    private int strikeCountMax() {
      return isLasting() ? LASTING_STRIKE_COUNT_MAX : TRANSIENT_STRIKE_COUNT_MAX;
    }

    private void requireTold(Throwable failure) {
      if (this == ACCESS_DENIED || !(failure instanceof StoreException store)) {
        assertThat(failure).isInstanceOf(StoreAccessDeniedException.class);
        assertThat(this == ACCESS_DENIED || this == READ_ONLY).as("denied").isTrue();
      } else {
        assertThat(store.isTransient()).as(store.getMessage()).isEqualTo(!isLasting());
      }
      assertThat(((BackupException) failure).hint()).isNotBlank();
    }
  }

  /** Tells when a fault strikes. Thread-safe. */
  public static final class Strikes {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int first;
    private volatile int last = -1;

    private Strikes() {}

    /** Whether the fault strikes this request; to be asked once for each that it can strike. */
    public boolean isDue() {
      int number = asked.getAndIncrement();
      return number >= first && number <= last;
    }

    /** From now on: so many requests pass, so many are struck. */
    private void plan(int passCount, int strikeCount) {
      first = passCount;
      last = strikeCount == ALWAYS ? ALWAYS : passCount + strikeCount - 1;
      asked.set(0);
    }

    /** How many were struck since they were planned; plans none from now on. */
    private int end() {
      int count = Math.max(0, Math.min(asked.get() - 1, last) - first + 1);
      plan(0, 0);
      return count;
    }
  }

  /**
   * An empty store, like {@link #emptyStore}, of which the fault strikes the requests that {@code
   * strikes} says; empty when it cannot strike such a store.
   */
  protected Optional<BackupStore> storeWith(Fault fault, Strikes strikes) {
    return Optional.empty();
  }

  /** What lies at the store's place and is no object of it, of those that died or failed there. */
  protected List<String> leftovers(BackupStore store) {
    return List.of();
  }

  private final Strikes strikes = new Strikes();

  private BackupStore store(Fault fault) {
    return storeWith(fault, strikes)
        .orElseGet(() -> abort("no store of this kind can meet " + fault));
  }

  /** As a writer that dies there, or gives up: what it wrote is whole or absent. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"CUT_READ", "STALLED_READ"})
  void aFaultAtAnyRequestOfAWriteLeavesAllOrNothing(Fault fault) {
    BackupStore store = store(fault);
    store.create("w/before", CONTENT);
    for (int strikeCount : STRIKE_COUNTS) {
      boolean isStruck = true;
      for (int passCount = 0; isStruck; passCount++) {
        String key = "w/" + strikeCount + "/" + passCount + "/a";
        strikes.plan(passCount, strikeCount);
        boolean returned = returns(fault, () -> store.create(key, CONTENT));
        int count = strikes.end();
        isStruck = count > 0;
        assertThat(isStruck || passCount > 0).as("struck at all").isTrue();
        assertThat(count).isLessThanOrEqualTo(fault.strikeCountMax());

        boolean isThere = store.read(key, 1).isPresent();
        assertThat(isThere || !returned).as("what is told to be there is there").isTrue();
        requireWholeOrAbsent(store, key, isThere);
        assertThat(leftovers(store)).isEmpty();
        assertThat(store.create(key, CONTENT)).isEqualTo(!isThere);
        requireWholeOrAbsent(sameStore(store), key, true);
      }
    }
    requireWhole(store, "w/before");
    assertThat(leftovers(store)).isEmpty();
  }

  /** Not by a comparison that prints what differs: it is large. */
  private static void requireWhole(BackupStore store, String key) {
    assertThat(Arrays.equals(store.read(key, ALWAYS).orElseThrow(), CONTENT)).as(key).isTrue();
  }

  private static void requireWholeOrAbsent(BackupStore store, String key, boolean isThere) {
    if (isThere) {
      requireWhole(store, key);
      assertThat(list(store, key, "")).containsExactly(new StoredObject(key, CONTENT.length));
    } else {
      assertThat(store.read(key, ALWAYS)).isEmpty();
      assertThat(list(store, key, "")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LOST_REPLY", "READ_ONLY", "FULL"})
  void aFaultAtAnyRequestOfAReadNeverShortensIt(Fault fault) {
    BackupStore store = store(fault);
    store.create("a/b", CONTENT);
    for (int strikeCount : STRIKE_COUNTS) {
      boolean isStruck = true;
      for (int passCount = 0; isStruck; passCount++) {
        strikes.plan(passCount, strikeCount);
        returns(fault, () -> requireWhole(store, "a/b"));
        int count = strikes.end();
        isStruck = count > 0;
        assertThat(isStruck || passCount > 0).as("struck at all").isTrue();
        assertThat(count).isLessThanOrEqualTo(fault.strikeCountMax());
        requireWhole(store, "a/b");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BUSY", "BROKEN", "ACCESS_DENIED"})
  void aFaultAtAnyRequestOfAListingNeverShortensIt(Fault fault) {
    BackupStore store = store(fault);
    List<String> all = IntStream.range(0, 30).mapToObj(i -> "d" + i / 10 + "/k" + i % 10).toList();
    all.forEach(key -> create(store, key));
    for (int strikeCount : STRIKE_COUNTS) {
      boolean isStruck = true;
      int passCount = 0;
      for (; isStruck; passCount++) {
        strikes.plan(passCount, strikeCount);
        returns(fault, () -> assertThat(keys(store, "", "")).isEqualTo(all));
        int count = strikes.end();
        isStruck = count > 0;
        assertThat(count).isLessThanOrEqualTo(fault.strikeCountMax());
      }
      assertThat(passCount).as("struck in the middle, too").isGreaterThan(2);
    }
    assertThat(keys(store, "", "")).isEqualTo(all);
  }

  /** Whether it returns; else it must have thrown what this fault has to be told by. */
  private static boolean returns(Fault fault, Runnable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call::run);
    if (failure != null) {
      fault.requireTold(failure);
    }
    return failure == null;
  }

  /** Each call that it strikes fails, in the end or at once, and says what and where. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "LOST_REPLY")
  void aFaultThatStaysIsToldForWhatItIs(Fault fault) {
    BackupStore store = store(fault);
    store.create("a/b", CONTENT);
    StoredBackup backup = StoredBackup.of(store, "orders");
    requireTold(fault, Call.WRITE, store, "create a/c", () -> store.create("a/c", CONTENT));
    requireTold(fault, Call.READ, store, "read a/b", () -> store.read("a/b", ALWAYS));
    requireTold(fault, Call.LIST, store, "list in", () -> keys(store, "", ""));
    requireTold(fault, Call.LIST, store, "list", backup::exists);
    requireTold(fault, Call.LIST, store, "list", backup::newest);
    requireTold(fault, Call.LIST, store, "list", () -> backup.covering(1));
    requireTold(fault, Call.LIST, store, "list", backup::ownership);
    requireTold(fault, Call.LIST, store, "list", () -> StoredBackup.names(store));

    boolean isWritten = !fault.strikes(Call.WRITE);
    requireWhole(store, "a/b");
    requireWholeOrAbsent(store, "a/c", isWritten);
    assertThat(leftovers(store)).isEmpty();
    assertThat(store.create("a/c", CONTENT)).isEqualTo(!isWritten);
  }

  private void requireTold(
      Fault fault, Call call, BackupStore store, String what, Runnable request) {
    strikes.plan(0, ALWAYS);
    if (!fault.strikes(call)) {
      request.run();
      strikes.end();
      return;
    }
    assertThatThrownBy(request::run)
        .satisfies(fault::requireTold)
        .hasMessageContainingAll("Failed to " + what, store.location());
    assertThat(strikes.end()).isBetween(1, fault.strikeCountMax());
  }

  /** Many writers at once, some of whose requests fail: they try again, and lose nothing. */
  @ParameterizedTest
  @EnumSource(names = {"LOST_REPLY", "BUSY", "BROKEN"})
  void writersThatTryAgainLoseNothing(Fault fault) throws Exception {
    BackupStore store = store(fault);
    List<String> all = IntStream.range(0, 40).mapToObj(i -> "d" + i / 10 + "/" + i % 10).toList();
    strikes.plan(5, 60);
    inParallel(
        4,
        racer -> {
          all.forEach(key -> createAtLast(store, key));
          return true;
        });
    assertThat(strikes.end()).isPositive();

    try (Stream<StoredObject> objects = sameStore(store).list("", "")) {
      assertThat(objects.map(StoredObject::key)).isEqualTo(all.stream().sorted().toList());
    }
    for (String key : all) {
      assertThat(store.read(key, 1_000)).hasValue(bytes(key));
    }
    assertThat(leftovers(store)).isEmpty();
  }

  /** The faults come to an end, so this does. */
  private static void createAtLast(BackupStore store, String key) {
    for (int attempt = 0; attempt < TRANSIENT_STRIKE_COUNT_MAX; attempt++) {
      try {
        store.create(key, bytes(key));
        return;
      } catch (StoreException failed) {
        // as a backup does that is run again
      }
    }
    throw new AssertionError(key + " cannot be created");
  }
}
