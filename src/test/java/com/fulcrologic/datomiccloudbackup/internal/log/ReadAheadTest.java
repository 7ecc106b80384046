package com.fulcrologic.datomiccloudbackup.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// A thread that never ends fails the test.
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ReadAheadTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 129, 30_000}) // 128 of them are handed over at once
  void handsOutEverythingInOrder(int count) {
    List<Transaction> all = transactions(count, 3).toList();
    List<Transaction> read = new ArrayList<>();
    try (ReadAhead ahead = new ReadAhead(all.stream())) {
      ahead.forEachRemaining(read::add);
      assertThat(ahead.hasNext()).isFalse();
    }
    assertThat(read).isEqualTo(all);
  }

  /** To close what a connection reads may take its time, or never end. */
  @Test
  void handsOutTheLastOnesBeforeTheStreamIsClosed() {
    CompletableFuture<Void> mayClose = new CompletableFuture<>();
    Stream<Transaction> slow = transactions(3, 3).onClose(mayClose::join);
    try (ReadAhead ahead = new ReadAhead(slow)) {
      for (int t = 0; t < 3; t++) {
        assertThat(ahead.next().t()).isEqualTo(t);
      }
      mayClose.complete(null);
      assertThat(ahead.hasNext()).isFalse();
    }
  }

  @Test
  void goesNoFartherAheadThanItMay() throws InterruptedException {
    AtomicLong weight = new AtomicLong();
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    Stream<Transaction> many =
        transactions(100_000, 10)
            .peek(
                each -> {
                  reader.complete(Thread.currentThread());
                  weight.addAndGet(each.weight());
                });
    try (ReadAhead ahead = new ReadAhead(many)) {
      awaitStandstill(reader.join());
      assertThat(weight.get()).isBetween(ReadAhead.WEIGHT_MAX / 2, 2 * ReadAhead.WEIGHT_MAX);
      assertThat(ahead.next().t()).isZero();
    }
    reader.join().join();
  }

  /** A log's strings have no bound that a segment would give them. */
  @Test
  void goesNoFartherAheadWithLargeValues() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    String large = "x".repeat(100_000);
    Stream<Transaction> many =
        IntStream.range(0, 10_000)
            .mapToObj(t -> transaction(t, count.get() % 2 == 0 ? large : List.of(1L, large)))
            .peek(each -> count.incrementAndGet())
            .peek(each -> reader.complete(Thread.currentThread()));
    try (ReadAhead ahead = new ReadAhead(many)) {
      awaitStandstill(reader.join());
      assertThat(count.get() * 2L * large.length()).isLessThan(2 * ReadAhead.WEIGHT_MAX);
      assertThat(ahead.next().t()).isZero();
    }
    reader.join().join();
  }

  @Test
  void endsItsThreadAndTheStreamWhenNobodyReadsOn() throws InterruptedException {
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    AtomicInteger closeCount = new AtomicInteger();
    ReadAhead ahead =
        new ReadAhead(
            transactions(100_000, 10)
                .peek(each -> reader.complete(Thread.currentThread()))
                .onClose(closeCount::incrementAndGet));
    ahead.next();
    awaitStandstill(reader.join());
    ahead.close();
    assertThat(closeCount).hasValue(1);
    Thread thread = reader.join();
    assertThat(thread).isNotSameAs(Thread.currentThread());
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).startsWith("datomic-cloud-backup-ahead-");
    reader.join().join();
  }

  @Test
  void failsWhereTheReadingFailedAndNotBefore() {
    CorruptSegmentException broken = new CorruptSegmentException("broken", "look");
    List<Transaction> read = new ArrayList<>();
    try (ReadAhead ahead = new ReadAhead(transactionsUntil(777, broken))) {
      assertThatThrownBy(() -> ahead.forEachRemaining(read::add)).isSameAs(broken);
      assertThatThrownBy(ahead::hasNext).isSameAs(broken);
    }
    assertThat(read).hasSize(777);
  }

  @Test
  void handsOnAnErrorToo() {
    OutOfMemoryError full = new OutOfMemoryError("for the test");
    try (ReadAhead ahead = new ReadAhead(transactionsUntil(0, full))) {
      assertThatThrownBy(ahead::next).isSameAs(full);
    }
  }

  /** As Clojure may throw it. An end that comes too early would look like the log's. */
  @Test
  void takesNoCheckedExceptionForTheEnd() {
    IOException broken = new IOException("broken");
    try (ReadAhead ahead = new ReadAhead(transactionsUntil(2, broken))) {
      assertThatThrownBy(() -> ahead.forEachRemaining(each -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasCause(broken);
    }
  }

  /** What it is at is not read to its end. */
  @Test
  void readsNoFartherOnceItIsClosed() {
    CompletableFuture<Void> isAtThird = new CompletableFuture<>();
    CompletableFuture<Void> mayGoOn = new CompletableFuture<>();
    AtomicInteger count = new AtomicInteger();
    Stream<Transaction> transactions =
        transactions(100, 1)
            .peek(
                each -> {
                  if (count.incrementAndGet() == 3) {
                    isAtThird.complete(null);
                    mayGoOn.join();
                  }
                });
    ReadAhead ahead = new ReadAhead(transactions);
    isAtThird.join();
    Thread closing = new Thread(ahead::close);
    closing.start();
    awaitStandstill(closing);
    mayGoOn.complete(null);
    ahead.close();
    assertThat(count).hasValue(3);
  }

  /** A thousand, but for what is thrown at one of them. */
  private static Stream<Transaction> transactionsUntil(long t, Throwable thrown) {
    return transactions(1_000, 2)
        .peek(
            each -> {
              if (each.t() == t) {
                throw ReadAheadTest.<RuntimeException>unchecked(thrown);
              }
            });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void leavesAnInterruptToWhatComesAfter() {
    Thread.currentThread().interrupt();
    try (ReadAhead ahead = new ReadAhead(transactions(20_000, 3))) {
      ahead.forEachRemaining(each -> {});
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  /** Until it has gone as far ahead as it may. */
  private static void awaitStandstill(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static Stream<Transaction> transactions(int count, int datomCount) {
    return IntStream.range(0, count).mapToObj(t -> transaction(t, datomCount));
  }

  private static Transaction transaction(long t, Object value) {
    long tx = Transaction.entityId(t);
    return new Transaction(t, tx, List.of(new Datom(tx, 1, value, tx, true)));
  }

  private static Transaction transaction(long t, int datomCount) {
    long tx = Transaction.entityId(t);
    return new Transaction(
        t, tx, Collections.nCopies(datomCount, new Datom(tx, 1, "value", tx, true)));
  }
}
