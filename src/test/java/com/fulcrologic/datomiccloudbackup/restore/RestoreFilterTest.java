package com.fulcrologic.datomiccloudbackup.restore;

import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is filtered is nowhere in the target's history, and everything else is there. */
class RestoreFilterTest {
  private static LocalSystem system;
  private static DatomicConnection source;
  private static StoredBackup backup;

  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    backup = backup(source, 10);
  }

  /**
   * The attribute was called :w/log until it was renamed, and its datoms carry an id, not a name.
   */
  @ParameterizedTest
  @ValueSource(strings = {":w/log", ":w/journal", "w/journal"})
  void excludesAnAttributeUnderEachNameItEverHad(String ident) {
    DatomicConnection target = system.newDatabase();
    var end = restoreAll(new Restore(backup), target, OPTIONS.excluding(ident));
    assertThat(end.unmatchedFilters()).isEmpty();
    assertThat(historyOf(target, "journal")).isEmpty();
    assertThat(historyOf(source, "journal")).isNotEmpty();
    assertThat(historyOf(target, "tags")).hasSameSizeAs(historyOf(source, "tags"));
    assertThat(historyOf(target, Bookkeeping.SOURCE_T)).hasSize((int) source.basisT() + 1);
  }

  @Test
  void rewritesAssertionsAndRetractionsAlike() {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restore(backup),
        target,
        OPTIONS.rewriting(":w/email", email -> "m" + ((String) email).length()));
    assertThat(values(historyOf(target, "email"))).containsOnly("m3");
    assertThat(historyOf(target, "email")).hasSameSizeAs(historyOf(source, "email"));
  }

  @Test
  void namesAFilterThatMatchesNothing() {
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.excluding(":w/emial").excluding(":w/flag");
    var first = new Restore(backup).restoreSegment(target, options);
    assertThat(first.unmatchedFilters()).containsExactly(":w/emial");
  }

  @ParameterizedTest
  @ValueSource(strings = {":db/ident", ":db/txInstant", "not a keyword", "::", ""})
  void refusesToExcludeWhatIsIndispensableOrNoIdent(String ident) {
    assertRefused(OPTIONS.excluding(ident));
  }

  @ParameterizedTest
  @ValueSource(strings = {":w/friend", ":w/name+count", ":w/pair", ":db/doc", ":w/tags"})
  void refusesToRewriteReferencesAndWhatIsComputed(String ident) {
    assertRefused(OPTIONS.rewriting(ident, value -> value));
  }

  /** Datomic would compute it all the same, or refuse two that have become equal. */
  @ParameterizedTest
  @ValueSource(strings = {":w/name+count", ":w/friend"})
  void refusesToExcludeWhatIsComputedOrMakesSomethingUnique(String ident) {
    assertRefused(OPTIONS.excluding(ident));
  }

  /** Without the check, the second entity would be merged into the first, and nobody told. */
  @Test
  void refusesARewriteThatMakesTwoEntitiesOne() {
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(
            () -> restoreAll(new Restore(backup), target, OPTIONS.rewriting(":w/id", id -> 1L)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":w/id");
  }

  @Test
  void refusesARewriteToNothing() {
    @SuppressWarnings("NullAway") // a caller's mistake
    RestoreOptions options = OPTIONS.rewriting(":w/email", value -> null);
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(() -> restoreAll(new Restore(backup), target, options))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageNotContaining("a@x");
  }

  private static void assertRefused(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    assertThatThrownBy(() -> new Restore(backup).restoreSegment(target, options))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(target.basisT()).isEqualTo(5);
  }

  private static List<Datom> historyOf(DatomicConnection connection, String name) {
    return historyOf(connection, Keyword.intern("w", name));
  }

  private static List<Datom> historyOf(DatomicConnection connection, Keyword attribute) {
    try (Stream<Datom> datoms =
        connection.datoms(View.CURRENT.withHistory(), Index.AEVT, attribute)) {
      return datoms.toList();
    }
  }

  private static List<Object> values(List<Datom> datoms) {
    return datoms.stream().map(Datom::v).toList();
  }
}
