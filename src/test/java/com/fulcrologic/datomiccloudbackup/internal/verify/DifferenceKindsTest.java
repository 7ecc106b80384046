package com.fulcrologic.datomiccloudbackup.internal.verify;

import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.adding;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.at;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.drop;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.each;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.id;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isClaim;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.isOf;
import static com.fulcrologic.datomiccloudbackup.internal.verify.Tampering.values;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.TamperedConnection;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of difference is told, alone where it can be; and no value is, unless asked for. */
class DifferenceKindsTest {
  private static final String CANARY = "canary in the target";
  private static final long FAR_ID = 99L << 42;

  private static DatomicConnection target;
  private static Cloning cloning;
  private static Set<String> texts;

  @BeforeAll
  static void restoreAWorld() {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    target = system.newDatabase();
    while (cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {
      // until nothing is new
    }
    try (Stream<Transaction> log = source.txRange(new TxRange(6, source.basisT() + 1))) {
      texts =
          log.flatMap(tx -> tx.datoms().stream())
              .map(Datom::v)
              .filter(v -> v instanceof String text && text.length() > 4)
              .map(String.class::cast)
              .collect(Collectors.toSet());
    }
    assertThat(texts).contains("in a tuple", "forget", "an annotated transaction");
  }

  @ParameterizedTest
  @EnumSource
  void isReachedAndTellsNoValue(Kind kind) {
    DatomicConnection tampered = new TamperedConnection(target, reaching(kind));
    VerificationReport report = cloning.verify("w", tampered, VerifyOptions.DEFAULTS);
    assertThat(report.differenceCounts()).containsOnlyKeys(kind);
    assertThat(report.isEqual()).isFalse();
    assertThat(report.toString()).doesNotContain(texts).doesNotContain(CANARY);
    assertThat(report.differences())
        .allMatch(each -> each.sourceValue().isEmpty() && each.targetValue().isEmpty());

    String told = cloning.verify("w", tampered, VerifyOptions.DEFAULTS.quotingValues()).toString();
    switch (kind) {
      case MISSING, EXCLUDED -> assertThat(told).contains("forget");
      case EXTRA, FOREIGN -> assertThat(told).contains(CANARY);
      case DIFFERENT_VALUE -> assertThat(told).contains("in a tuple", CANARY);
      case BOOKKEEPING, DIFFERENT_ORDER, MAPPED_TWICE, NOT_MAPPED ->
          assertThat(told).doesNotContain(texts);
    }
  }

  private static UnaryOperator<List<Transaction>> reaching(Kind kind) {
    return switch (kind) {
      case MISSING -> each(datoms -> drop(datoms, isOf(target, "journal")));
      case EXTRA -> adding(40, tx -> new Datom(tx.tx(), id(target, "name"), CANARY, tx.tx(), true));
      case DIFFERENT_VALUE -> values(v -> v.equals("in a tuple") ? CANARY : v);
      case DIFFERENT_ORDER ->
          at(
              50,
              tx ->
                  List.of(
                      tx, new Transaction(tx.t() + 1, tx.tx(), withoutOriginalIds(tx.datoms()))));
      case MAPPED_TWICE ->
          log -> {
            Datom first =
                log.get(40).datoms().stream()
                    .filter(datom -> datom.a() == id(target, Bookkeeping.ORIGINAL_ID))
                    .findFirst()
                    .orElseThrow();
            return adding(41, tx -> new Datom(FAR_ID, first.a(), first.v(), tx.tx(), true))
                .apply(log);
          };
      case NOT_MAPPED ->
          at(
              target.basisT(),
              tx ->
                  List.of(
                      new Transaction(
                          tx.t(),
                          tx.tx(),
                          drop(
                              tx.datoms(),
                              datom ->
                                  datom.e() == tx.tx()
                                      && datom.a() == id(target, Bookkeeping.ORIGINAL_ID)))));
      case FOREIGN ->
          adding(
              6,
              tx ->
                  new Datom(
                      tx.tx(), id(target, Keyword.intern("db", "doc")), CANARY, tx.tx(), true));
      case EXCLUDED ->
          values(
              v ->
                  isClaim(v)
                      ? ((String) v).replace(":excluded []", ":excluded [\":w/journal\"]")
                      : v);
      case BOOKKEEPING ->
          each(
              datoms ->
                  drop(
                      datoms,
                      datom -> datom.a() == id(target, Bookkeeping.LAST_SOURCE_TRANSACTION)));
    };
  }

  private static List<Datom> withoutOriginalIds(List<Datom> datoms) {
    return drop(datoms, datom -> datom.a() == id(target, Bookkeeping.ORIGINAL_ID));
  }
}
