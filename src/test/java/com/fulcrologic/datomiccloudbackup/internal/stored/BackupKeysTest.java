package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackupKeysTest {
  private static final long MAX = Long.MAX_VALUE;

  private final BackupKeys keys = BackupKeys.of("orders");

  @Test
  void theKeyOfASegmentIsThisForEver() {
    assertThat(keys.key(new TxRange(1000, 2000)))
        .isEqualTo("orders/segments/0/922337203685477/4807-1000-2000");
    assertThat(keys.key(new TxRange(1000, 2001)))
        .isEqualTo("orders/segments/1/922337203685/4774807-1000-2001");
    assertThat(keys.key(new TxRange(1000, MAX)))
        .isEqualTo("orders/segments/2/922337203/6854774807-1000-9223372036854775807");
    assertThat(keys.key(new TxRange(0, 1))).isEqualTo("orders/segments/0/922337203685477/5807-0-1");
    assertThat(keys.key(new TxRange(MAX - 1, MAX)))
        .isEqualTo(
            "orders/segments/0/000000000000000/0001-9223372036854775806-9223372036854775807");
  }

  @Test
  void everyKeyGivesItsRangeBackAndIsAllowed() {
    Stream.of(
            new TxRange(0, 1),
            new TxRange(0, MAX),
            new TxRange(MAX - 1, MAX),
            new TxRange(7, 1_000_000),
            new TxRange(1L << 62, MAX))
        .forEach(
            range ->
                assertThat(keys.range(BackupStore.requireKey(keys.key(range)))).hasValue(range));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "--",
        "orders",
        "orders/claim",
        "orders/segments/0/",
        "orders/segments/0/922337203685477/4807",
        "orders/segments/0/922337203685477/4807-1000",
        "orders/segments/0/922337203685477/4807-1000-",
        "orders/segments/0/922337203685477/4807--2000",
        "orders/segments/0/922337203685477/4807-2000-1000",
        "orders/segments/0/922337203685477/4807-1000-1000",
        "orders/segments/0/922337203685477/4807-1000-02000",
        "orders/segments/0/922337203685477/4807-+1000-2000",
        "orders/segments/0/922337203685477/4807-1000-2000x",
        "orders/segments/0/922337203685477/4807-1000-2000/x",
        "orders/segments/0/922337203685477/4806-1000-2000",
        "orders/segments/0/9223372036854774807-1000-2000",
        "orders/segments/1/922337203685/4774807-1000-2000",
        "orders/segments/0/x/922337203685477/4807-1000-2000",
        "orders/0/922337203685477/4807-1000-2000",
        "other/segments/0/922337203685477/4807-1000-2000",
        "orders/segments/0/922337203685477/4807-1000-99999999999999999999",
        "orders/segments/0/922337203685477/4807-１０００-2000",
      })
  void noOtherKeyIsASegments(String key) {
    assertThat(keys.range(key)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1,0",
    "1000,0",
    "1001,1",
    "1000000,1",
    "1000001,2",
    "1000000000,2",
    "1000000001,2",
    "1000000000000000000,2",
    "1000000000000000001,2",
    "9223372036854775807,2"
  })
  void aLevelHoldsTheSpansUpToItsMaximum(long span, int level) {
    assertThat(BackupKeys.level(new TxRange(0, span))).isEqualTo(level);
    assertThat(BackupKeys.spanMax(level)).isGreaterThanOrEqualTo(span);
    assertThat(level == 0 || BackupKeys.spanMax(level - 1) < span).isTrue();
  }

  @Test
  void theGreatestStartComesFirst() {
    List<String> sorted =
        Stream.of(0L, 1L, 9L, 10L, 99L, 1_000_000L, MAX - 2)
            .map(startT -> keys.key(new TxRange(startT, startT + 1)))
            .sorted()
            .toList();

    assertThat(sorted.stream().map(key -> keys.range(key).orElseThrow().startT()))
        .containsExactly(MAX - 2, 1_000_000L, 99L, 10L, 9L, 1L, 0L);
    assertThat(keys.position(0, 10_000))
        .isLessThan(keys.key(new TxRange(10_000, 10_001)))
        .isGreaterThan(keys.key(new TxRange(10_001, 10_002)));
    assertThat(keys.position(0, 10))
        .isLessThan(keys.key(new TxRange(10, 11)))
        .isGreaterThan(keys.key(new TxRange(11, 12)));
  }
}
