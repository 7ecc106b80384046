package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house obeys its rules, and each rule catches the classes that were written to break it. */
final class ArchitectureTest {
  private static final String HOUSE = "com.fulcrologic.datomiccloudbackup";
  private static final String RUIN = HOUSE + ".violations";

  private static final Pattern CULPRIT =
      Pattern.compile(
          Pattern.quote(RUIN) + "\\.(?:[a-z]+\\.)*([A-Z][\\w$]*(?:\\.(?:<init>|\\w+))?)");

  private static final JavaClasses HOUSE_CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE);
  private static final JavaClasses RUIN_CLASSES = new ClassFileImporter().importPackages(RUIN);

  @Test
  void roomsOpenTheirDoorsOneWay() {
    holds(
        ArchitectureRules::arrows,
        "VocabularyUsesARoom.<init>",
        "VocabularyUsesCloning.<init>",
        "DatomicUsesLog.<init>",
        "LogUsesStore.<init>",
        "StoreUsesCloning.<init>",
        "ShowsInternals.parameter",
        "ShowsInternals.typeArgument",
        "BackupUsesRestore.<init>",
        "UpkeepUsesRestore.<init>",
        "CheckUsesRestore.<init>",
        "JobsUseRestore.<init>",
        "MetricsUseRestore.<init>");
  }

  @Test
  void aRestoreFlowsDownThroughItsRooms() {
    holds(ArchitectureRules::arrowsOfRestore, "TargetUsesSession.<init>", "IdsUsePipeline.<init>");
  }

  @Test
  void translationCallsNothing() {
    holds(ArchitectureRules::translationCallsNothing, "TranslationAsks.<init>");
  }

  @Test
  void everyClassLivesInARoom() {
    holds(ArchitectureRules::everyClassLivesInARoom, "Homeless");
  }

  @Test
  void everyPackageIsNullMarked() {
    new ArchitectureRules(HOUSE).everyPackageIsNullMarked().check(HOUSE_CLASSES);
    assertThat(culpritsOf(new ArchitectureRules(RUIN).everyPackageIsNullMarked()))
        .contains("Homeless");
  }

  @Test
  void onlyDatomicCallsClojure() {
    holds(ArchitectureRules::onlyDatomicCallsClojure, "CallsClojure.<init>");
  }

  @Test
  void publicSignaturesShowNoClojureType() {
    holds(
        ArchitectureRules::publicSignaturesShowNoClojureType,
        "ShowsClojure.field",
        "ShowsClojure.<init>",
        "ShowsClojure.parameter",
        "ShowsClojure.typeArgument",
        "ShowsClojure$Nested.result");
  }

  @Test
  void publicSignaturesShowNothingInternal() {
    holds(
        ArchitectureRules::publicSignaturesShowNothingInternal,
        "ShowsInternals.parameter",
        "ShowsInternals.typeArgument");
  }

  @Test
  void onlyCliUsesPicocli() {
    holds(ArchitectureRules::onlyCliUsesPicocli, "UsesPicocli.used");
  }

  @Test
  void onlyStoreUsesTheAwsSdk() {
    holds(ArchitectureRules::onlyStoreUsesTheAwsSdk, "UsesAws.<init>");
  }

  @Test
  void onlySealingUsesTink() {
    holds(ArchitectureRules::onlySealingUsesTink, "UsesTink.<init>");
  }

  @Test
  void onlyMetricsUsesMicrometer() {
    holds(ArchitectureRules::onlyMetricsUsesMicrometer, "UsesMicrometer.<init>");
  }

  @Test
  void onlyCliSpeaksToTheProcess() {
    holds(
        ArchitectureRules::onlyCliSpeaksToTheProcess,
        "SpeaksToTheProcess.print",
        "SpeaksToTheProcess.printTrace",
        "SpeaksToTheProcess.exit");
  }

  @Test
  void nobodyUsesJavaUtilLogging() {
    holds(
        ArchitectureRules::nobodyUsesJavaUtilLogging,
        "UsesJavaUtilLogging.<init>",
        "UsesJavaUtilLogging.used");
  }

  @Test
  void exceptionsExtendBackupException() {
    holds(ArchitectureRules::exceptionsExtendBackupException, "StrayException");
  }

  @Test
  void nobodyInterruptsAnotherThread() {
    holds(
        ArchitectureRules::nobodyInterruptsAnotherThread,
        "InterruptsOthers.interrupt",
        "InterruptsOthers.interruptByReference",
        "InterruptsOthers.cancel",
        "InterruptsOthers.shutdownNow");
  }

  /** In the house there is no violation; in the ruin there are these, and no other. */
  private static void holds(Function<ArchitectureRules, ArchRule> rule, String... culprits) {
    rule.apply(new ArchitectureRules(HOUSE)).check(HOUSE_CLASSES);
    assertThat(culpritsOf(rule.apply(new ArchitectureRules(RUIN))))
        .containsExactlyInAnyOrder(culprits);
  }

  /** Each violation's report begins with the member, or the class, that is at fault. */
  private static Set<String> culpritsOf(ArchRule rule) {
    return rule.evaluate(RUIN_CLASSES).getFailureReport().getDetails().stream()
        .map(CULPRIT::matcher)
        .filter(Matcher::find)
        .map(culprit -> culprit.group(1))
        .collect(Collectors.toSet());
  }
}
