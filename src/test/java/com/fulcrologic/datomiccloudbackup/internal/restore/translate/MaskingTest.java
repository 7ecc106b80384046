package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.BigInt;
import clojure.lang.Keyword;
import clojure.lang.Symbol;
import com.fulcrologic.datomiccloudbackup.Mask;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Masks are functions, keep different values different, and do so for ever. */
class MaskingTest {
  private static final Masking MASKING = masking("0123456789abcdef");
  private static final Masking OTHER = masking("another salt 123");

  /** A target that was begun continues with these values. */
  @Test
  void givesTheSameInEveryVersion() {
    assertThat(MASKING.hashed("ada@example.org")).isEqualTo("214a3d3e0854c8c75ce18eb7241f8849");
    assertThat(MASKING.hashed(1L)).isEqualTo(7495791789890033012L);
    assertThat(MASKING.hashed(-1L)).isEqualTo(-120326931197242583L);
    assertThat(MASKING.hashed(BigInt.fromLong(1)))
        .hasToString("71563649144846826189644045526575606870");
    assertThat(MASKING.hashed(new BigDecimal("1.50")))
        .hasToString("146022551552506014982100136995041921529");
    assertThat(MASKING.hashed(UUID.fromString("00000000-0000-4000-8000-000000000001")))
        .hasToString("7be97e1c-32ad-4c8f-bb63-4b9633ab1e36");
    assertThat(MASKING.hashed(Keyword.intern("a", "b")))
        .hasToString(":masked/k114431b36b797ce5f62aaa5414b52e62");
    assertThat(MASKING.hashed(Symbol.intern("a", "b")))
        .hasToString("masked/sad1a875793927cfcfe227951d378fe52");
    assertThat(MASKING.faked("ada@example.org")).isEqualTo("uma.wood.1k2do35ol80jx24m@example.com");
    assertThat(MASKING.faked("+49 (351) 12-34")).isEqualTo("+99973196054429605561996");
    assertThat(MASKING.faked("Ada Lovelace")).isEqualTo("Dario Ford 24o8mz86tupnn946");
  }

  @Test
  void dependsOnTheSalt() {
    for (Object value : values("x")) {
      assertThat(MASKING.hashed(value)).isNotEqualTo(OTHER.hashed(value)).isNotEqualTo(value);
      assertThat(MASKING.faked(value)).isNotEqualTo(OTHER.faked(value));
    }
  }

  @Test
  void keepsTheTypeAndWhatDatomicTakesForOneValue() {
    for (Object value : values("x")) {
      assertThat(MASKING.hashed(value)).hasSameClassAs(value);
      assertThat(MASKING.hashed(value)).isEqualTo(MASKING.hashed(value));
    }
    assertThat(MASKING.hashed(new BigDecimal("1.0")))
        .isEqualTo(MASKING.hashed(new BigDecimal("1.00")));
    assertThat(MASKING.hashed(BigInteger.TEN)).isEqualTo(MASKING.hashed(BigInt.fromLong(10)));
  }

  @Test
  void keepsDifferentValuesDifferent() {
    SplittableRandom random = new SplittableRandom(1);
    Set<Object> hashed = new HashSet<>();
    Set<Object> faked = new HashSet<>();
    Set<Object> sources = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      long number = i % 2 == 0 ? i - 1_000 : random.nextLong();
      if (sources.add(number)) {
        assertThat(((Long) MASKING.hashed(number)) < 0).isEqualTo(number < 0);
        for (Object value : values(String.valueOf(number))) {
          hashed.add(MASKING.hashed(value));
        }
        hashed.add(MASKING.hashed(number));
        faked.add(MASKING.faked("a" + number));
        faked.add(MASKING.faked(number + "@x"));
        faked.add(MASKING.faked(String.format("%05d", i)));
      }
    }
    assertThat(hashed).hasSize(sources.size() * (values("").size() + 1));
    assertThat(faked).hasSize(sources.size() * 3);
    assertThat(MASKING.hashed("\ud800")).isNotEqualTo(MASKING.hashed("\ud801"));
  }

  @Test
  void makesUpTextOfTheSameKind() {
    assertThat((String) MASKING.faked("a.b@c.org")).matches("[a-z.0-9]+@example\\.com");
    assertThat((String) MASKING.faked("(0351) 12/345-6")).matches("\\+999[0-9]{20}");
    assertThat((String) MASKING.faked("")).matches("[A-Z][a-z]+ [A-Z][a-z]+ [0-9a-z]+");
    assertThat((String) MASKING.faked("7")).matches("[A-Z][a-z]+ [A-Z][a-z]+ [0-9a-z]+");
  }

  @Test
  void truncatesBetweenCharacters() {
    assertThat(Masking.truncated("abc", 2)).isEqualTo("ab");
    assertThat(Masking.truncated("ab", 2)).isEqualTo("ab");
    assertThat(Masking.truncated("", 2)).isEqualTo("");
    assertThat(Masking.truncated("\ud83d\ude00\ud83d\ude00b", 1)).isEqualTo("\ud83d\ude00");
  }

  @Test
  void readsTheNamesOfMasks() {
    for (Mask mask : List.of(Mask.HASH, Mask.FAKE, Mask.NULL_OUT, Mask.truncate(12))) {
      assertThat(Mask.parse(mask.toString())).isEqualTo(mask);
    }
    assertThat(Mask.parse("null-out")).isEqualTo(Mask.NULL_OUT);
    for (String name :
        List.of(
            "",
            "HASH",
            "truncate",
            "truncate:",
            "truncate:0",
            "truncate:-1",
            "truncate:x",
            "truncate:9999999999",
            "hash:3")) {
      assertThatThrownBy(() -> Mask.parse(name)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Mask.truncate(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Masking masking(String salt) {
    return new Masking(salt.getBytes(StandardCharsets.US_ASCII));
  }

  /** One value of each type but for longs. */
  private static List<Object> values(String seed) {
    return List.of(
        "text" + seed,
        Keyword.intern("k", "k" + seed),
        Symbol.intern("s", "s" + seed),
        UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.US_ASCII)),
        BigInt.fromBigInteger(new BigInteger(1, ("b" + seed).getBytes(StandardCharsets.US_ASCII))),
        new BigDecimal(new BigInteger(1, ("d" + seed).getBytes(StandardCharsets.US_ASCII)), 2));
  }
}
