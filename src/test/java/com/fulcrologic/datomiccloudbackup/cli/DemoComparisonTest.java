package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo's comparison finds the shop equal, and sees what it should see. */
class DemoComparisonTest {
  private static LocalSystem system;
  private static DatomicConnection source;
  private static Cloning cloning;

  @BeforeAll
  static void makeShop() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    new DemoShop(source, 300, Progress.IGNORED).open();
    cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("shop", source, BackupOptions.DEFAULTS.withTransactionCountMax(70));
  }

  private static DatomicConnection restored(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    while (cloning.restoreSegment("shop", target, options) instanceof RestoredSegment) {
      // until nothing is new
    }
    return target;
  }

  private static DemoComparison.Result compare(
      DatomicConnection original, DatomicConnection target) {
    return DemoComparison.compare(DemoLog.read(original), DemoLog.read(target));
  }

  @Test
  void findsARestoredShopEqual() {
    DatomicConnection target = restored(RestoreOptions.DEFAULTS);
    DemoComparison.Result result = compare(source, target);
    assertThat(result.difference()).isEmpty();
    assertThat(result.equalCount()).isEqualTo(306);
    assertThat(result.transactionCount()).isEqualTo(306);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void seesMissingTransactions() {
    DemoComparison.Result result = compare(source, restored(RestoreOptions.DEFAULTS.until(290)));
    assertThat(result.difference()).hasValue("source t 291: it is not in the target");
    assertThat(result.equalCount()).isEqualTo(291);
  }

  @Test
  void seesMissingDatoms() {
    DemoComparison.Result result =
        compare(source, restored(RestoreOptions.DEFAULTS.excluding(":customer/email")));
    assertThat(result.difference().orElseThrow())
        .contains("1 of its datoms are missing, 0 are there instead");
  }

  @Test
  void seesOtherValues() {
    DemoComparison.Result result =
        compare(
            source,
            restored(RestoreOptions.DEFAULTS.rewriting(":customer/name", name -> name + "!")));
    assertThat(result.difference().orElseThrow())
        .contains("1 of its datoms are missing, 1 are there instead");
  }

  @Test
  void seesTransactionsThatTheSourceDoesNotHave() {
    assertThat(compare(system.newDatabase(), restored(RestoreOptions.DEFAULTS)).difference())
        .hasValue("the target holds transactions that the source does not");
  }

  @Test
  void everyPriceOfTheStoryIsTold() {
    assertThat(prices(source)).asInstanceOf(LIST).hasSizeBetween(7, 9);
  }

  @Test
  void theShopIsTheSameEachTime() {
    DatomicConnection twin = system.newDatabase();
    new DemoShop(twin, 300, Progress.IGNORED).open();
    assertThat(datomCounts(twin)).isEqualTo(datomCounts(source));
    assertThat(prices(twin)).isEqualTo(prices(source));
  }

  @Test
  void aTransactionMovedInTimeIsSeen() {
    DatomicConnection one = shopOfOne("2001-01-01");
    DatomicConnection other = shopOfOne("2001-01-02");
    Cloning each = Cloning.with(new MemoryBackupStore());
    each.backup("one", one, BackupOptions.DEFAULTS);
    DatomicConnection target = system.newDatabase();
    while (each.restoreSegment("one", target, RestoreOptions.DEFAULTS) instanceof RestoredSegment) {
      // until nothing is new
    }
    assertThat(compare(one, target).difference()).isEmpty();
    assertThat(compare(other, target).difference()).hasValue("source t 6: it is dated otherwise");
  }

  /** Ids differ from one run to the next, by the partition that Datomic picks. */
  private static List<Integer> datomCounts(DatomicConnection shop) {
    return DemoLog.read(shop).transactions().stream().map(each -> each.datoms().size()).toList();
  }

  private static Object prices(DatomicConnection shop) {
    return Objects.requireNonNull(
        DemoStory.of(DemoShop.STORY_SKU, DemoLog.read(shop)).toJson().get("prices"));
  }

  private static DatomicConnection shopOfOne(String date) {
    DatomicConnection shop = system.newDatabase();
    shop.transact(
        (List<?>) Edn.read("[[:db/add \"datomic.tx\" :db/txInstant #inst \"" + date + "\"]]"));
    return shop;
  }
}
