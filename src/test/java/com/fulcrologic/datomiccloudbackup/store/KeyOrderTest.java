package com.fulcrologic.datomiccloudbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyOrderTest {
  /** From each range of UTF-16 on whose ends its order and that of UTF-8 part. */
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "a-",
          "a/",
          "ab",
          "\u007f",
          "\u0080",
          "\u07ff",
          "\u0800",
          "\ud7ff",
          "\ue000",
          "\uff76",
          "\uffff",
          "\ud800\udc00",
          "\ud83d\ude00",
          "\ud83d\ude01",
          "\udbff\udfff");

  @Test
  void isTheOrderOfTheBytesOfUtf8() {
    for (String one : TEXTS) {
      for (String other : TEXTS) {
        for (String before : List.of("", "a/", "\ud83d\ude00")) {
          assertThat(Integer.signum(BackupStore.keyOrder().compare(before + one, before + other)))
              .as("%s %s", one, other)
              .isEqualTo(Integer.signum(Arrays.compareUnsigned(utf8(one), utf8(other))));
        }
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
