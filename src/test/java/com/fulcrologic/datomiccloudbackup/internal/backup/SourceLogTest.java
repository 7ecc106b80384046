package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SchemaReading;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceLogTest {
  private static final long LAST_BOOTSTRAP_T = 5;

  private static LocalSystem system;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  /** Two ways to the same schema: the indexes as of a t, and the log up to it. */
  @Test
  void readsTheSameSchemaFromTheIndexesAsTheLogTells() {
    Schema told = new Schema();
    for (Transaction transaction : transactions()) {
      told.apply(transaction);
      if (transaction.t() < LAST_BOOTSTRAP_T) {
        continue; // the indexes run ahead of the log there
      }
      Schema read = SchemaReading.schemaAfter(transaction.t(), source);
      assertThat(read.builtIns())
          .as("built-ins at t %s", transaction.t())
          .isEqualTo(told.builtIns());
      assertThat(read.attributes().stream().filter(SourceLogTest::isInTheLog))
          .as("attributes at t %s", transaction.t())
          .containsExactlyElementsOf(told.attributes());
      assertThat(read.reusedNames())
          .as("reused names at t %s", transaction.t())
          .isEqualTo(told.reusedNames());
      assertThat(read.namesBefore())
          .as("names of what may become an attribute, at t %s", transaction.t())
          .isEqualTo(told.namesBefore());
    }
    assertThat(told.reusedNames()).isNotEmpty();
    assertThat(told.namesBefore()).isNotEmpty();
    assertThat(told.attributes()).hasSizeGreaterThan(40);
  }

  @Test
  void findsTheTransactionBeforeAT() {
    SourceLog log = new SourceLog(source);
    assertThat(log.transactionBefore(0)).isEmpty();
    assertThat(log.transactionBefore(1).orElseThrow().t()).isZero();
    assertThat(log.transactionBefore(20).orElseThrow().t()).isEqualTo(19);
  }

  /** A peer-server leaves t out. */
  @Test
  void findsTheTransactionBeforeAGap() {
    SourceLog sparse =
        new SourceLog(
            new ForwardingConnection(source) {
              @Override
              public Stream<Transaction> txRange(TxRange range) {
                return super.txRange(range)
                    .filter(transaction -> transaction.t() < 10 || transaction.t() > 40);
              }
            });
    assertThat(sparse.transactionBefore(41).orElseThrow().t()).isEqualTo(9);
    assertThat(new SourceLog(source).isDense()).isTrue();
  }

  /** A later one would make it another source for ever. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3, 5})
  void knowsTheFirstTransactionThoughARangeComesBackShort(long keptCount) {
    AtomicInteger readCount = new AtomicInteger();
    SourceLog shortAtFirst =
        new SourceLog(
            new ForwardingConnection(source) {
              @Override
              public Stream<Transaction> txRange(TxRange range) {
                Stream<Transaction> log = super.txRange(range);
                return readCount.getAndIncrement() == 0 ? log.limit(keptCount) : log;
              }
            });
    assertThat(identity(shortAtFirst)).isEqualTo(identity(new SourceLog(source)));
    assertThat(readCount).hasValue(2);
  }

  /** A peer-server's first one comes after a thousand t. */
  @Test
  void knowsTheFirstTransactionWhereverItIs() {
    List<Long> starts = new ArrayList<>();
    SourceLog sparse =
        new SourceLog(
            new ForwardingConnection(source) {
              private long shifted(long t) {
                return t > LAST_BOOTSTRAP_T ? t + 1_000 : t;
              }

              @Override
              public long basisT() {
                return shifted(super.basisT());
              }

              @Override
              public Stream<Transaction> txRange(TxRange range) {
                starts.add(range.startT());
                return super.txRange(new TxRange(0, super.basisT() + 1))
                    .filter(transaction -> range.contains(shifted(transaction.t())));
              }
            });
    assertThat(identity(sparse)).isEqualTo(identity(new SourceLog(source)));
    long next = LAST_BOOTSTRAP_T + 1;
    assertThat(starts).containsExactly(0L, next, next);
  }

  @Test
  void knowsASourceByItsFirstTransaction() {
    SourceIdentity identity = identity(new SourceLog(source));
    assertThat(identity.databaseId()).isEqualTo(source.databaseId());
    assertThat(identity.firstTransactionHash()).hasSize(64);
    DatomicConnection empty = system.newDatabase();
    assertThat(identity(new SourceLog(empty)).firstTransactionHash()).isNull();
  }

  /** Datomic Local has a handful of attributes that no transaction defines. */
  private static boolean isInTheLog(Attribute attribute) {
    return !Set.of(
            ":db/system-tx",
            ":db/excise",
            ":db.excise/attrs",
            ":db.excise/beforeT",
            ":db.excise/before",
            ":db.alter/attribute")
        .contains(attribute.ident().toString());
  }

  private static List<Transaction> transactions() {
    try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
      return log.toList();
    }
  }

  private static SourceIdentity identity(SourceLog log) {
    return log.identity(log.firstTransaction());
  }
}
