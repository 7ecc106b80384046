package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The test-jar holds the contract of stores and nothing else of the tests, so the contract may use
 * nothing else of them: whoever tests a store of his own has only that jar.
 */
class ContractJarTest {
  private static final String ROOM = "com.fulcrologic.datomiccloudbackup.store";
  private static final Path MAIN = Path.of("src/main/java");

  @Test
  void theContractUsesNothingThatItsJarLacks() {
    List<JavaClass> jar =
        new ClassFileImporter().importPackages(ROOM).stream().filter(this::isInJar).toList();

    assertThat(jar).hasSizeGreaterThan(5);
    assertThat(
            jar.stream()
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(target -> target.getPackageName().startsWith(ROOM.replace(".store", "")))
                .filter(Predicate.not(this::isInJar))
                .filter(Predicate.not(ContractJarTest::isOfTheLibrary))
                .map(JavaClass::getName)
                .distinct())
        .isEmpty();
  }

  /** As the pom says of the test-jar. */
  private boolean isInJar(JavaClass each) {
    return each.getPackageName().equals(ROOM)
        && outermost(each).contains("Contract")
        && !isOfTheLibrary(each);
  }

  private static boolean isOfTheLibrary(JavaClass each) {
    return Files.exists(
        MAIN.resolve(each.getPackageName().replace('.', '/')).resolve(outermost(each) + ".java"));
  }

  private static String outermost(JavaClass each) {
    String name = each.getName().substring(each.getPackageName().length() + 1);
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
