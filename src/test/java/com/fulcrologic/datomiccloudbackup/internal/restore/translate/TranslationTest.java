package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A composite that comes out otherwise than in the source is noticed. */
class TranslationTest {
  private static final List<?> COMPOSITE =
      List.of(URI.create("http://a.org"), 17L, new BigDecimal("1.0"), 1.5f);

  @Test
  void agreesWithTheSameValuesUnderOtherIds() {
    assertThat(agrees(URI.create("http://a.org"), 99L, new BigDecimal("1.0"), 1.5)).isTrue();
  }

  @Test
  void doesNotAgreeWithATwinOrAnotherValue() {
    assertThat(agrees(URI.create("http://A.org"), 17L, new BigDecimal("1.0"), 1.5)).isFalse();
    assertThat(agrees(URI.create("http://a.org"), 17L, new BigDecimal("1.00"), 1.5)).isFalse();
    assertThat(agrees(URI.create("http://a.org"), 17L, new BigDecimal("1.0"), 2.5)).isFalse();
    assertThat(translation(List.of(COMPOSITE)).agreesWith(List.of())).isFalse();
    assertThat(translation(List.of(COMPOSITE, COMPOSITE)).agreesWith(List.of(COMPOSITE))).isFalse();
  }

  private static boolean agrees(Object... logged) {
    return translation(List.of(COMPOSITE)).agreesWith(List.of(List.of("x"), List.of(logged)));
  }

  private static Translation translation(List<List<?>> composites) {
    return new Translation(List.of(), OptionalInt.empty(), composites, false);
  }
}
