package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts rely on the numbers. */
class ExitCodeTest {

  @Test
  void failuresOfOneKindHaveOneCode() {
    assertThat(ExitCode.of(new IncompleteBackupException("m", "h"))).isEqualTo(3);
    assertThat(ExitCode.of(new NoSuchBackupException("m", "h"))).isEqualTo(10);
    assertThat(ExitCode.of(new TargetInUseException("m", "h"))).isEqualTo(11);
    assertThat(ExitCode.of(new UnsupportedFormatException("m", "h"))).isEqualTo(26);
    assertThat(ExitCode.of(new StoreException("m", "h"))).isEqualTo(1);
    assertThat(ExitCode.of(new IllegalStateException("canary"))).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"BUSY,3", "UNAVAILABLE,3", "INTERRUPTED,3", "FORBIDDEN,12", "FAULT,1", "INCORRECT,1"})
  void anAnomalysCategoryDecides(Anomaly anomaly, int exitCode) {
    assertThat(ExitCode.of(new AnomalyException("read", anomaly, null, null))).isEqualTo(exitCode);
  }

  /** A new exception must find its number, or be known to have none. */
  @Test
  void everyFailureOfTheVocabularyIsKnown() {
    Set<String> unknown =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("com.fulcrologic.datomiccloudbackup")
                .stream()
                .filter(each -> each.isAssignableTo(BackupException.class))
                .filter(each -> !each.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(each -> !ExitCode.BY_CLASS.containsKey(each.reflect()))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
    assertThat(unknown).containsExactlyInAnyOrder("StoreException", "AnomalyException");
  }

  @Test
  void aProblemHoldsNoLineBreakAndNoForeignText() {
    Problem broken = Problem.of(new NoSuchBackupException("no\nsuch\u001b[31m", "look\r\nhere"));
    assertThat(broken.message()).isEqualTo("no such [31m");
    assertThat(broken.hint()).isEqualTo("look here");
    Problem unexpected = Problem.of(new IllegalStateException("canary"));
    assertThat(unexpected.message()).isEqualTo("unexpected java.lang.IllegalStateException");
  }

  @Test
  void aGapIsToldToProgramsToo() {
    assertThat(Problem.of(new SegmentGapException("m", "h", new TxRange(3, 5))).toJson())
        .containsEntry("missing", Json.range(new TxRange(3, 5)));
  }
}
