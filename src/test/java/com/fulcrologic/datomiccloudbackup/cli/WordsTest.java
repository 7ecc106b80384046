package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers for people, JSON for programs, and a line of progress. */
class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 bytes",
    "1,1 byte",
    "999,999 bytes",
    "1000,1.0 kB",
    "999949,999.9 kB",
    "999950,1.0 MB",
    "123456789,123.5 MB",
    "9223372036854775807,9223.4 PB"
  })
  void sizesAreReadable(long size, String words) {
    assertThat(Words.size(size)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.0 s",
    "449,0.4 s",
    "59999,59 s",
    "60000,1 min",
    "309000,5 min 9 s",
    "3909000,1 h 5 min",
    "7200000,2 h",
    "183600000,2 d 3 h",
    "62985600000,729 d",
    "1708722360000,54 years"
  })
  void durationsAreReadable(long millis, String words) {
    assertThat(Words.duration(Duration.ofMillis(millis))).isEqualTo(words);
  }

  @Test
  void countsAreGrouped() {
    assertThat(Words.counted(1, "datom")).isEqualTo("1 datom");
    assertThat(Words.counted(1_234_567, "datom")).isEqualTo("1 234 567 datoms");
    assertThat(new TxRange(7, 8)).hasToString("t 7");
    assertThat(new TxRange(7, 1_000)).hasToString("t 7 to 999");
  }

  @Test
  void jsonIsWrittenWithEscapesAndNulls() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("text", "a\"b\\c\nd\u0001é\u2028");
    object.put("t", 1L);
    object.put("count", 2);
    object.put("seconds", 0.25);
    object.put("truth", true);
    object.put("at", Instant.EPOCH);
    object.put("nothing", Optional.empty());
    object.put("some", OptionalLong.of(3));
    object.put("none", OptionalLong.empty());
    object.put("list", List.of(Map.of("a", Optional.of("b")), List.of()));
    assertThat(Json.write(object))
        .isEqualTo(
            "{\"text\":\"a\\\"b\\\\c\\nd\\u0001é\u2028\",\"t\":1,\"count\":2,\"seconds\":0.25,"
                + "\"truth\":true,\"at\":\"1970-01-01T00:00:00Z\",\"nothing\":null,\"some\":3,"
                + "\"none\":null,\"list\":[{\"a\":\"b\"},[]]}");
    assertThatThrownBy(() -> Json.write(Map.of("a", new Object())))
        .isInstanceOf(IllegalStateException.class);
  }
}
