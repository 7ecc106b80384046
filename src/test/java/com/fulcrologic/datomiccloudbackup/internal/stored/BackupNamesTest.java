package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.ContractNames;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackupNamesTest {
  static List<String> hostileNames() {
    return ContractNames.hostile();
  }

  @ParameterizedTest
  @CsvSource({
    "orders,orders",
    "my-orders-2,my-orders-2",
    "Orders_v2,_4frders__v2",
    "a/b,a_2fb",
    "..,_2e_2e",
    "é,_c3_a9",
    "' ',_20"
  })
  void writesANameAsOneElement(String name, String element) {
    assertThat(BackupNames.encode(name)).isEqualTo(element);
    assertThat(BackupNames.decode(element)).hasValue(name);
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void makesASafeElementOfAHostileNameAndTheNameOfTheElement(String name) {
    String element = BackupNames.encode(name);

    assertThat(element).matches("[a-z0-9_-]{1,240}");
    assertThat(BackupNames.decode(element)).hasValue(name);
  }

  @Test
  void noTwoNamesCollideAlsoWhereCaseAndCompositionDoNotCount() {
    Stream<String> elements =
        hostileNames().stream()
            .map(BackupNames::encode)
            .map(element -> Normalizer.normalize(element, Normalizer.Form.NFKC))
            .map(element -> element.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));

    assertThat(elements.collect(Collectors.toSet())).hasSize(hostileNames().size());
  }

  @Test
  void everyNameComesBack() {
    long seed = Long.getLong("seed", 20_260_101);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 5_000; i++) {
      String name =
          random
              .ints(random.nextInt(1, 12), 0, random.nextBoolean() ? 0x80 : 0x20000)
              .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
              .mapToObj(Character::toString)
              .collect(Collectors.joining("", "a", ""));

      assertThat(BackupNames.decode(BackupNames.encode(name))).as("seed %d", seed).hasValue(name);
    }
  }

  @Test
  void refusesNamesThatCannotBeWritten() {
    Stream.of(
            "",
            "a".repeat(241),
            "a".repeat(300),
            "é".repeat(41),
            "A".repeat(81),
            "\ud800",
            "a\udc00b")
        .forEach(
            name ->
                assertThatThrownBy(() -> BackupNames.encode(name))
                    .isInstanceOf(InvalidConfigurationException.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "_",
        "a_",
        "_6",
        "_61",
        "_4F",
        "_c3",
        "_c3_28",
        "_c0_af",
        "_ed_a0_80",
        "___",
        "A",
        "a.b",
        "é",
        "_+1",
        "_5f",
        "_2d"
      })
  void noOtherElementIsAName(String element) {
    assertThat(BackupNames.decode(element)).isEmpty();
  }

  @Test
  void anElementBeyondTheLimitIsNoName() {
    assertThat(BackupNames.decode("a".repeat(240))).isPresent();
    assertThat(BackupNames.decode("a".repeat(241))).isEmpty();
  }
}
