package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo's sample, and the story told from it. */
class DemoShopTest {
  private static LocalSystem system;
  private static DatomicConnection source;

  @BeforeAll
  static void makeShop() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    DemoShop.open(source, 300, Progress.IGNORED);
  }

  @Test
  void everyPriceOfTheStoryIsTold() {
    assertThat(prices(source)).asInstanceOf(LIST).hasSizeBetween(7, 9);
  }

  @Test
  void theShopIsTheSameEachTime() {
    DatomicConnection twin = system.newDatabase();
    DemoShop.open(twin, 300, Progress.IGNORED);
    assertThat(datomCounts(twin)).isEqualTo(datomCounts(source)).hasSize(306);
    assertThat(prices(twin)).isEqualTo(prices(source));
  }

  /** Ids differ from one run to the next, by the partition that Datomic picks. */
  private static List<Integer> datomCounts(DatomicConnection shop) {
    try (Stream<Transaction> log = shop.txRange(new TxRange(0, shop.basisT() + 1))) {
      return log.map(each -> each.datoms().size()).toList();
    }
  }

  private static Object prices(DatomicConnection shop) {
    return Objects.requireNonNull(DemoStory.of(DemoShop.STORY_SKU, shop).toJson().get("prices"));
  }
}
