package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.refuses;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static com.fulcrologic.datomiccloudbackup.testing.PrivateWorld.datomsOf;
import static com.fulcrologic.datomiccloudbackup.testing.PrivateWorld.everythingIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.PrivateWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An include names what is carried; Datomic's own attributes, and all definitions, always are. */
class RestoreIncludeTest {
  private static final View EVER = View.CURRENT.withHistory();
  private static LocalSystem system;
  private static DatomicConnection source;
  private static StoredBackup backup;

  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    PrivateWorld.fill(source);
    backup = backup(source, 7);
  }

  static Stream<RestoreOptions> kinds() {
    return Stream.of(
        OPTIONS,
        OPTIONS.fromBaseline(new RestorePoint.AtT(30)),
        OPTIONS.fromBaseline(RestorePoint.NEWEST));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void carriesWhatIsIncludedAlone(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restoring(backup),
        target,
        options.including(":order/*").including(":customer/level").excluding(":order/contact"));
    assertThat(everythingIn(target))
        .contains("an entity before any attribute", "a note", ":customer/email", ":level/gold")
        .doesNotContainIgnoringCase(PrivateWorld.CANARY)
        .doesNotContain(String.valueOf(PrivateWorld.CANARY_NUMBER));
    for (String ident : List.of("order/note", "order/number", "order/customer", "customer/level")) {
      assertThat(datomsOf(target, View.CURRENT, ident))
          .hasSameSizeAs(datomsOf(source, View.CURRENT, ident));
    }
    for (String ident : List.of("customer/number", "customer/email+number", "order/contact")) {
      assertThat(datomsOf(target, EVER, ident)).isEmpty();
    }
    assertProved(target, ":order/*", ":customer/level");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void excludesANamespace(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restoring(backup), target, options.excluding(":customer/*").excluding("order/contact"));
    assertThat(everythingIn(target)).doesNotContainIgnoringCase(PrivateWorld.CANARY);
    assertThat(datomsOf(target, EVER, "customer/level")).isEmpty();
    assertThat(datomsOf(target, View.CURRENT, "order/customer"))
        .hasSameSizeAs(datomsOf(source, View.CURRENT, "order/customer"));
    assertProved(target);
  }

  @Test
  void refusesWhatContradictsItselfOrCannotBe() {
    for (RestoreOptions filtered :
        List.of(
            OPTIONS.including(":customer/name").excluding(":customer/name"),
            OPTIONS.including(":customer/name").excluding(":customer/*"),
            OPTIONS.including(":customer/*").excluding("customer/*"),
            OPTIONS.including(":nowhere/*").excluding(":nowhere/*"),
            OPTIONS.including(":customer/email+number"),
            OPTIONS.including(":db/doc"),
            OPTIONS.including(":db/ident"),
            OPTIONS.including("not an ident"),
            OPTIONS.including(":customer/email"), // one of two components of what is unique
            OPTIONS.excluding(":customer/number"))) {
      DatomicConnection target = system.newDatabase();
      refuses(backup, target, filtered, InvalidConfigurationException.class, "Failed to");
      assertThat(target.basisT()).isEqualTo(5);
    }
  }

  @Test
  void namesAPatternThatMatchesNothing() {
    DatomicConnection target = system.newDatabase();
    var end =
        restoreAll(
            new Restoring(backup),
            target,
            OPTIONS.including(":order/*").including(":ordr/*").excluding(":db/*"));
    assertThat(end.unmatchedFilters()).containsExactlyInAnyOrder(":ordr/*", ":db/*");
    assertThat(datomsOf(target, View.CURRENT, "order/note")).isNotEmpty();
  }

  @Test
  void refusesToContinueWithOtherIncludes() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, OPTIONS.including(":order/*").until(20));
    for (RestoreOptions other :
        List.of(OPTIONS, OPTIONS.including(":order/*").including(":customer/level"))) {
      refuses(backup, target, other, TargetNotRestorableException.class, "including :order/*");
    }
    restoreAll(new Restoring(backup), target, OPTIONS.including("order/*"));
    assertProved(target, ":order/*");
  }

  /** Its earlier values were left out, or carried, and a filter cannot change that. */
  @Test
  void refusesAnAttributeThatIsIncludedOrExcludedOnlySince() {
    DatomicConnection living = system.newDatabase();
    BackupStore store = new MemoryBackupStore();
    PrivateWorld.fill(living);
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    RestoreOptions options = OPTIONS.including(":order/*").excluding(":secret/*");
    DatomicConnection included = system.newDatabase();
    restoreAll(new Restoring(StoredBackup.of(store, "w")), included, options);
    transact(living, "[[:db/add :customer/name :db/ident :order/customer-name]]");
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    refuses(
        StoredBackup.of(store, "w"),
        included,
        options,
        TargetNotRestorableException.class,
        ":order/*");

    DatomicConnection excluded = system.newDatabase();
    restoreAll(new Restoring(StoredBackup.of(store, "w")), excluded, options);
    assertThat(datomsOf(excluded, View.CURRENT, "order/customer-name")).isNotEmpty();
    transact(living, "[[:db/add :order/note :db/ident :secret/note]]");
    Cloning.with(store).backup("w", living, BackupOptions.DEFAULTS);
    refuses(
        StoredBackup.of(store, "w"),
        excluded,
        options,
        TargetNotRestorableException.class,
        ":secret/*");
  }

  private static void transact(DatomicConnection connection, String forms) {
    connection.transact((List<?>) Edn.read(forms));
  }

  private static void assertProved(DatomicConnection target, String... included) {
    for (VerificationReport report :
        List.of(
            Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS.quotingValues()),
            Verification.ofRestored(source, target, VerifyOptions.DEFAULTS.quotingValues()))) {
      assertThat(report.differences()).isEmpty();
      assertThat(report.isEqual()).isTrue();
      assertThat(report.includedAttributes()).containsExactlyInAnyOrder(included);
    }
  }
}
