package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.refuses;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static com.fulcrologic.datomiccloudbackup.testing.PrivateWorld.datomsOf;
import static com.fulcrologic.datomiccloudbackup.testing.PrivateWorld.everythingIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Death;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.PrivateWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is masked is nowhere in the target's history, and what was joined by it still is. */
class RestoreMaskTest {
  private static final byte[] SALT = "a salt of 20 letters".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER = "another of 20 letter".getBytes(StandardCharsets.US_ASCII);

  private static final RestoreOptions MASKED =
      OPTIONS
          .withMaskSalt(SALT)
          .withMask(":customer/email", Mask.FAKE)
          .withMask(":order/contact", Mask.FAKE)
          .withMask(":customer/name", Mask.truncate(2))
          .withMask(":customer/ssn", Mask.HASH)
          .withMask(":customer/phones", Mask.HASH)
          .withMask(":customer/home", Mask.NULL_OUT);

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

  /** The whole log, the state at several t and the log after it, and the newest state. */
  static Stream<RestoreOptions> kinds() {
    return Stream.concat(
        Stream.of(MASKED, MASKED.fromBaseline(RestorePoint.NEWEST)),
        Stream.of(7L, 20L, 30L, 40L, 47L).map(t -> MASKED.fromBaseline(new RestorePoint.AtT(t))));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("kinds")
  void nothingMaskedIsInTheTarget(RestoreOptions options) {
    DatomicConnection target = system.newDatabase();
    restoreAll(restoring(), target, options);
    assertMasked(target);
    assertProved(target);
  }

  @Test
  void everyDatomOfTheHistoryHasItsMaskedCounterpart() {
    DatomicConnection target = system.newDatabase();
    restoreAll(restoring(), target, MASKED);
    View ever = View.CURRENT.withHistory();
    for (String ident :
        List.of("customer/email", "customer/ssn", "customer/phones", "order/contact")) {
      assertThat(datomsOf(target, ever, ident)).hasSameSizeAs(datomsOf(source, ever, ident));
    }
    assertThat(datomsOf(target, ever, "customer/home")).isEmpty();
    assertThat(datomsOf(target, View.CURRENT, "customer/name"))
        .hasSameSizeAs(datomsOf(source, View.CURRENT, "customer/name"))
        .allSatisfy(datom -> assertThat(datom.v()).isEqualTo("Ca"));
  }

  /** Each kill leaves a target that only the same salt may continue. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void continuesUnderTheSameSaltAlone(boolean fromBaseline) {
    RestoreOptions options = fromBaseline ? MASKED.fromBaseline(new RestorePoint.AtT(40)) : MASKED;
    DatomicConnection target = system.newDatabase();
    boolean isDone = false;
    int deathCount = 0;
    while (!isDone) {
      DatomicConnection mortal =
          new DisturbedConnection(
              target, number -> number > 3 ? Disturbance.DEATH_AFTER : Disturbance.NONE);
      try {
        restoreAll(restoring(), mortal, options);
        isDone = true;
      } catch (Death died) {
        deathCount++;
      }
      refuses(
          backup,
          target,
          options.withMaskSalt(OTHER),
          TargetNotRestorableException.class,
          "another salt");
      refuses(
          backup,
          target,
          options.withMask(":customer/email", Mask.HASH),
          TargetNotRestorableException.class,
          ":customer/email=hash");
    }
    assertThat(deathCount).isGreaterThan(3);
    assertMasked(target);
    assertProved(target);
    assertThat(everythingIn(target)).doesNotContain(new String(SALT, StandardCharsets.US_ASCII));
  }

  /** A new transaction of the source is masked as the old ones were. */
  @Test
  void twoTargetsUnderOneSaltAgree() {
    DatomicConnection whole = system.newDatabase();
    restoreAll(restoring(), whole, MASKED);
    DatomicConnection state = system.newDatabase();
    restoreAll(restoring(), state, MASKED.fromBaseline(RestorePoint.NEWEST));
    for (String ident : List.of("customer/email", "customer/ssn", "order/contact")) {
      assertThat(values(datomsOf(state, View.CURRENT, ident)))
          .containsExactlyInAnyOrderElementsOf(values(datomsOf(whole, View.CURRENT, ident)));
    }
    DatomicConnection other = system.newDatabase();
    restoreAll(restoring(), other, MASKED.withMaskSalt(OTHER));
    assertThat(values(datomsOf(other, View.CURRENT, "customer/email")))
        .doesNotContainAnyElementsOf(values(datomsOf(whole, View.CURRENT, "customer/email")));
  }

  @ParameterizedTest
  @CsvSource({
    ":customer/referrer, hash", // references
    ":customer/referrer, null-out",
    ":customer/nobody, hash", // no such attribute
    ":customer/*, hash",
    ":customer/email+number, hash", // computed
    ":customer/home, hash", // types that it cannot replace
    ":customer/score, fake",
    ":customer/ssn, truncate:3",
    ":customer/email, truncate:3", // unique
    ":customer/email, null-out", // a component of what is unique
    ":db/doc, hash",
    ":db/ident, hash",
  })
  void refusesAMaskThatCannotBe(String ident, String mask) {
    for (RestoreOptions options : List.of(OPTIONS, OPTIONS.fromBaseline(RestorePoint.NEWEST))) {
      DatomicConnection target = system.newDatabase();
      refuses(
          backup,
          target,
          options.withMaskSalt(SALT).withMask(ident, Mask.parse(mask)),
          InvalidConfigurationException.class,
          "Failed to set up the");
      assertThat(target.basisT()).isEqualTo(5);
    }
  }

  @Test
  void refusesMasksThatContradictOtherFilters() {
    RestoreOptions masked = OPTIONS.withMaskSalt(SALT).withMask(":customer/name", Mask.HASH);
    for (RestoreOptions options :
        List.of(
            OPTIONS.withMask(":customer/name", Mask.HASH), // without a salt
            masked.excluding(":customer/name"),
            masked.excluding(":customer/*").including(":order/*"),
            masked.rewriting(":customer/name", name -> "x"))) {
      DatomicConnection target = system.newDatabase();
      refuses(backup, target, options, InvalidConfigurationException.class, "Failed to set up the");
      assertThat(target.basisT()).isEqualTo(5);
    }
    assertThatThrownBy(() -> OPTIONS.withMaskSalt(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertMasked(DatomicConnection target) {
    assertThat(everythingIn(source))
        .contains(PrivateWorld.CANARY, String.valueOf(PrivateWorld.CANARY_NUMBER));
    assertThat(everythingIn(target))
        .contains("an entity before any attribute")
        .doesNotContainIgnoringCase(PrivateWorld.CANARY)
        .doesNotContain(String.valueOf(PrivateWorld.CANARY_NUMBER / 100));
    Map<Object, Object> masked = new HashMap<>();
    for (String ident : List.of("customer/email", "order/contact")) {
      Map<Long, Object> theirs = byOriginalId(target, ident);
      List<Datom> ours = datomsOf(source, View.CURRENT, ident);
      assertThat(theirs).hasSameSizeAs(ours);
      for (Datom datom : ours) {
        Object mask = theirs.get(datom.e());
        assertThat(mask).asString().endsWith("@example.com");
        assertThat(masked.getOrDefault(datom.v(), mask)).isEqualTo(mask);
        masked.put(datom.v(), mask);
      }
    }
    assertThat(masked.values()).doesNotHaveDuplicates();
    assertThat(values(datomsOf(target, View.CURRENT, "customer/ssn")))
        .doesNotHaveDuplicates()
        .hasSameSizeAs(datomsOf(source, View.CURRENT, "customer/ssn"));
  }

  private static void assertProved(DatomicConnection target) {
    VerificationReport report =
        Verification.ofRestored(backup, target, VerifyOptions.DEFAULTS.quotingValues());
    assertThat(report.differences()).isEmpty();
    assertThat(report.isEqual()).isTrue();
    assertThat(report.maskedAttributes())
        .containsExactly(
            ":customer/email=fake",
            ":customer/home=null-out",
            ":customer/name=truncate:2",
            ":customer/phones=hash",
            ":customer/ssn=hash",
            ":order/contact=fake");
  }

  private static Map<Long, Object> byOriginalId(DatomicConnection target, String ident) {
    Map<Long, Object> originals = new HashMap<>();
    datomsOf(target, View.CURRENT, Bookkeeping.ORIGINAL_ID.toString().substring(1))
        .forEach(datom -> originals.put(datom.e(), datom.v()));
    Map<Long, Object> values = new HashMap<>();
    datomsOf(target, View.CURRENT, ident)
        .forEach(datom -> values.put((Long) originals.get(datom.e()), datom.v()));
    return values;
  }

  private static List<Object> values(List<Datom> datoms) {
    return datoms.stream().map(Datom::v).toList();
  }

  private static Restoring restoring() {
    BatchSizes small = new BatchSizes(20, 7, 1 << 19);
    return new Restoring(backup, IdMap.SIZE_MAX, TransactionSteps.DATOM_COUNT_MAX, small);
  }
}
