package com.fulcrologic.datomiccloudbackup;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;

/**
 * What the rooms of this house may do, as rules. They are stated for a root package, so that they
 * can be tried on a house that breaks them.
 */
final class ArchitectureRules {
  private static final String INTERNAL = "internal";
  private static final String VOCABULARY = "vocabulary";
  private static final String CLONING = "Cloning";

  /** The facade: what puts rooms together. */
  private static final Set<String> FACADE = Set.of(CLONING, "RestoreSession");

  /** The packages of the vocabulary: outcomes, options, reports and exceptions. */
  private static final Set<String> WORDS = Set.of("", "exceptions", "verify", "check", "upkeep");

  private static final String CLI = "cli";
  private static final String BACKUP = "internal.backup";
  private static final String RESTORE = "internal.restore";
  private static final String BASELINE = "baseline";
  private static final String LOOKUP = "lookup";
  private static final String SESSION = "session";
  private static final String TRANSLATE = "translate";
  private static final String PIPELINE = "pipeline";
  private static final String TARGET = "target";
  private static final String IDS = "ids";

  /** The classes of {@code datomic} that call a database. */
  private static final Set<String> REACHING =
      Set.of("DatomicConnection", "DatomicClient", "Basis", "Retries");

  private static final String VERIFY = "internal.verify";
  private static final String UPKEEP = "internal.upkeep";
  private static final String CHECK = "internal.check";
  private static final String JOBS = "jobs";
  private static final String METRICS = "metrics";
  private static final String FOLD = "internal.fold";
  private static final String STORED = "internal.stored";
  private static final String STORE = "store";
  private static final String SEGMENT = "internal.segment";
  private static final String LOG = "internal.log";
  private static final String DATOMIC = "datomic";
  private static final String TOOLS = "internal.tools";

  /** The Clojure classes that are values: what a datom may hold, and what forms are made of. */
  private static final Set<String> CLOJURE_VALUES =
      Set.of(
          "clojure.lang.BigInt",
          "clojure.lang.IPersistentMap",
          "clojure.lang.IPersistentVector",
          "clojure.lang.Keyword",
          "clojure.lang.PersistentArrayMap",
          "clojure.lang.PersistentVector",
          "clojure.lang.Symbol");

  private final String root;

  ArchitectureRules(String root) {
    this.root = root;
  }

  /**
   * Cli, jobs, Cloning, backup or restore or verify or check or upkeep, fold, stored, store,
   * segment, log, datomic: never back.
   */
  ArchRule arrows() {
    return layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer(VOCABULARY)
        .definedBy(vocabulary())
        .layer(CLONING)
        .definedBy(cloning())
        .layer(CLI)
        .definedBy(room(CLI))
        .layer(BACKUP)
        .definedBy(room(BACKUP))
        .layer(RESTORE)
        .definedBy(room(RESTORE))
        .layer(VERIFY)
        .definedBy(room(VERIFY))
        .layer(UPKEEP)
        .definedBy(room(UPKEEP))
        .layer(CHECK)
        .definedBy(room(CHECK))
        .layer(JOBS)
        .definedBy(room(JOBS))
        .layer(METRICS)
        .definedBy(room(METRICS))
        .layer(FOLD)
        .definedBy(room(FOLD))
        .layer(STORED)
        .definedBy(room(STORED))
        .layer(STORE)
        .definedBy(room(STORE))
        .layer(SEGMENT)
        .definedBy(room(SEGMENT))
        .layer(LOG)
        .definedBy(room(LOG))
        .layer(DATOMIC)
        .definedBy(room(DATOMIC))
        .layer(TOOLS)
        .definedBy(room(TOOLS))
        .whereLayer(CLI)
        .mayNotBeAccessedByAnyLayer()
        .whereLayer(CLONING)
        .mayOnlyBeAccessedByLayers(CLI, JOBS)
        .whereLayer(JOBS)
        .mayOnlyBeAccessedByLayers(CLI)
        .whereLayer(JOBS)
        .mayOnlyAccessLayers(CLONING, STORE, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(METRICS)
        .mayOnlyAccessLayers(TOOLS, VOCABULARY)
        .whereLayer(BACKUP)
        .mayOnlyAccessLayers(STORED, STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(RESTORE)
        .mayOnlyAccessLayers(FOLD, STORED, STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(VERIFY)
        .mayOnlyAccessLayers(FOLD, STORED, STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(UPKEEP)
        .mayOnlyAccessLayers(STORED, STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(CHECK)
        .mayOnlyAccessLayers(FOLD, STORED, STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(FOLD)
        .mayOnlyAccessLayers(STORED, STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(STORED)
        .mayOnlyAccessLayers(STORE, SEGMENT, LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(STORE)
        .mayOnlyAccessLayers(TOOLS, VOCABULARY)
        .whereLayer(SEGMENT)
        .mayOnlyAccessLayers(LOG, DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(LOG)
        .mayOnlyAccessLayers(DATOMIC, TOOLS, VOCABULARY)
        .whereLayer(DATOMIC)
        .mayOnlyAccessLayers(TOOLS, VOCABULARY)
        .whereLayer(TOOLS)
        .mayNotAccessAnyLayer()
        .whereLayer(VOCABULARY)
        .mayNotAccessAnyLayer();
  }

  /**
   * Session, then baseline, lookup, translate, pipeline, ids, target: control flows down, and
   * nothing calls back.
   */
  ArchRule arrowsOfRestore() {
    return layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer(SESSION)
        .definedBy(room(RESTORE + "." + SESSION))
        .layer(BASELINE)
        .definedBy(room(RESTORE + "." + BASELINE))
        .layer(LOOKUP)
        .definedBy(room(RESTORE + "." + LOOKUP))
        .layer(TRANSLATE)
        .definedBy(room(RESTORE + "." + TRANSLATE))
        .layer(PIPELINE)
        .definedBy(room(RESTORE + "." + PIPELINE))
        .layer(TARGET)
        .definedBy(room(RESTORE + "." + TARGET))
        .layer(IDS)
        .definedBy(room(RESTORE + "." + IDS))
        .whereLayer(SESSION)
        .mayNotBeAccessedByAnyLayer()
        .whereLayer(BASELINE)
        .mayOnlyAccessLayers(LOOKUP, TRANSLATE, IDS)
        .whereLayer(LOOKUP)
        .mayOnlyAccessLayers(TRANSLATE, IDS)
        .whereLayer(TRANSLATE)
        .mayOnlyAccessLayers(IDS)
        .whereLayer(PIPELINE)
        .mayOnlyAccessLayers(TARGET, IDS)
        .whereLayer(TARGET)
        .mayNotAccessAnyLayer()
        .whereLayer(IDS)
        .mayNotAccessAnyLayer();
  }

  /** A translation is pure: it has no connection to ask, and no store. */
  ArchRule translationCallsNothing() {
    return noClasses()
        .that()
        .resideInAPackage(in(RESTORE + "." + TRANSLATE))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(in(STORE), in(STORED), in(SEGMENT), "java.util.concurrent..")
                .or(
                    describe(
                        "reach a database",
                        each ->
                            each.getPackageName().equals(root + "." + DATOMIC)
                                && REACHING.contains(each.getSimpleName()))))
        .allowEmptyShould(true);
  }

  /** A class in a package that no arrow speaks of would escape them all. */
  ArchRule everyClassLivesInARoom() {
    return classes()
        .should()
        .resideInAnyPackage(
            root,
            root + ".exceptions",
            root + ".verify",
            root + ".check",
            root + ".upkeep",
            in(CLI),
            in(BACKUP),
            in(RESTORE),
            in(VERIFY),
            in(UPKEEP),
            in(CHECK),
            in(JOBS),
            in(METRICS),
            in(FOLD),
            in(STORED),
            in(STORE),
            in(SEGMENT),
            in(LOG),
            in(DATOMIC),
            in(TOOLS));
  }

  /** NullAway looks at marked packages alone, so one without the mark is not checked at all. */
  ArchRule everyPackageIsNullMarked() {
    return classes()
        .should(
            new ArchCondition<JavaClass>("reside in a package marked @NullMarked") {
              @Override
              public void check(JavaClass each, ConditionEvents events) {
                boolean marked = each.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(
                    new SimpleConditionEvent(
                        each, marked, each.getFullName() + " is in a package without @NullMarked"));
              }
            });
  }

  ArchRule onlyDatomicCallsClojure() {
    DescribedPredicate<JavaClass> more =
        describe(
            "are Clojure's and not values",
            each ->
                each.getPackageName().startsWith("clojure.")
                    && !CLOJURE_VALUES.contains(each.getBaseComponentType().getName()));
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(DATOMIC))
        .should()
        .dependOnClassesThat(more)
        .allowEmptyShould(true);
  }

  ArchRule publicSignaturesShowNoClojureType() {
    return members()
        .that()
        .arePublic()
        .or()
        .areProtected()
        .and()
        .areDeclaredInClassesThat(reachableByUsers())
        .and()
        .areDeclaredInClassesThat(
            resideInAnyPackage(
                root,
                in(BACKUP),
                in(RESTORE),
                in(VERIFY),
                in(UPKEEP),
                in(CHECK),
                in(JOBS),
                in(METRICS),
                in(FOLD),
                in(STORED),
                in(STORE),
                in(SEGMENT),
                in(CLI)))
        .should(showNoClojureType())
        .allowEmptyShould(true);
  }

  /** What lies under internal may change at any time, and is left out of the Javadoc. */
  ArchRule publicSignaturesShowNothingInternal() {
    return members()
        .that()
        .arePublic()
        .or()
        .areProtected()
        .and()
        .areDeclaredInClassesThat(reachableByUsers())
        .and()
        .areDeclaredInClassesThat(
            resideInAnyPackage(root, in(DATOMIC), in(STORE), in(JOBS), in(METRICS)))
        .should(
            new ArchCondition<JavaMember>("show nothing internal") {
              @Override
              public void check(JavaMember member, ConditionEvents events) {
                boolean clean =
                    member.getAllInvolvedRawTypes().stream()
                        .noneMatch(
                            type ->
                                type.getBaseComponentType()
                                    .getName()
                                    .startsWith(root + "." + INTERNAL + "."));
                events.add(
                    new SimpleConditionEvent(
                        member, clean, member.getFullName() + " shows an internal type"));
              }
            })
        .allowEmptyShould(true);
  }

  ArchRule onlyCliUsesPicocli() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(CLI))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..")
        .allowEmptyShould(true);
  }

  ArchRule onlyStoreUsesTheAwsSdk() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(STORE))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.amazonaws..", "software.amazon..")
        .allowEmptyShould(true);
  }

  ArchRule onlySealingUsesTink() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(STORE + ".sealed"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.crypto..")
        .allowEmptyShould(true);
  }

  ArchRule onlyMetricsUsesMicrometer() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(METRICS))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .allowEmptyShould(true);
  }

  ArchRule onlyCliSpeaksToTheProcess() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(in(CLI))
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .allowEmptyShould(true);
  }

  ArchRule nobodyUsesJavaUtilLogging() {
    return noClasses()
        .that()
        .doNotHaveFullyQualifiedName(root + ".cli.Main") // which silences another library
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..");
  }

  /** One that is not public never reaches a caller but as somebody's cause. */
  ArchRule exceptionsExtendBackupException() {
    return classes()
        .that()
        .areAssignableTo(Throwable.class)
        .and()
        .haveModifier(JavaModifier.PUBLIC)
        .should()
        .beAssignableTo(BackupException.class);
  }

  /**
   * An interrupt can close the log's channel under Datomic Local: only a thread's own flag may be
   * set. {@code Calls} alone knows which calls are of a network client, and frees their threads.
   */
  ArchRule nobodyInterruptsAnotherThread() {
    return noClasses()
        .should()
        .accessTargetWhere(
            describe("interrupts another thread", ArchitectureRules::interruptsAnotherThread));
  }

  private static boolean interruptsAnotherThread(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    if (access.getOriginOwner().getName().endsWith(".datomic.Calls$Task")) {
      return false;
    }
    return switch (access.getTarget().getName()) {
      case "interrupt" -> owner.isAssignableTo(Thread.class) && !isOfCurrentThread(access);
      case "cancel" -> owner.isAssignableTo(Future.class);
      case "shutdownNow", "invokeAny" -> owner.isAssignableTo(ExecutorService.class);
      default -> false;
    };
  }

  /** {@code Thread.currentThread().interrupt()}: both calls on one line of one method. */
  private static boolean isOfCurrentThread(JavaAccess<?> interrupt) {
    return interrupt.getOrigin().getMethodCallsFromSelf().stream()
        .anyMatch(
            call ->
                call.getLineNumber() == interrupt.getLineNumber()
                    && call.getTarget().getName().equals("currentThread"));
  }

  private static ArchCondition<JavaMember> showNoClojureType() {
    return new ArchCondition<>("show no Clojure type") {
      @Override
      public void check(JavaMember member, ConditionEvents events) {
        boolean clean =
            member.getAllInvolvedRawTypes().stream()
                .noneMatch(type -> type.getBaseComponentType().getName().startsWith("clojure."));
        events.add(
            new SimpleConditionEvent(
                member, clean, member.getFullName() + " shows a Clojure type"));
      }
    };
  }

  private static DescribedPredicate<JavaClass> reachableByUsers() {
    return describe("users can name", ArchitectureRules::isReachableByUsers);
  }

  private static boolean isReachableByUsers(JavaClass each) {
    Optional<JavaClass> enclosing = each.getEnclosingClass();
    return each.getModifiers().contains(JavaModifier.PUBLIC)
        && (enclosing.isEmpty() || isReachableByUsers(enclosing.get()));
  }

  private DescribedPredicate<JavaClass> vocabulary() {
    return describe(
        "the root's vocabulary",
        each ->
            WORDS.stream()
                    .map(word -> word.isEmpty() ? root : root + "." + word)
                    .anyMatch(each.getPackageName()::equals)
                && !isCloning(each));
  }

  private DescribedPredicate<JavaClass> cloning() {
    return describe("the facade", this::isCloning);
  }

  private boolean isCloning(JavaClass each) {
    return FACADE.stream()
        .map(name -> root + "." + name)
        .anyMatch(name -> each.getName().equals(name) || each.getName().startsWith(name + "$"));
  }

  private DescribedPredicate<JavaClass> room(String name) {
    return resideInAnyPackage(in(name));
  }

  private String in(String room) {
    return root + "." + room + "..";
  }
}
