package com.fulcrologic.datomiccloudbackup.datomic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.nio.charset.StandardCharsets;

/** Any text is read as EDN, or refused. */
class EdnFuzzTest {
  @FuzzTest
  void edn(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      assertThat(Edn.read(text)).isNotNull();
    } catch (InvalidConfigurationException refused) {
      assertThat(refused.hint()).isNotEmpty();
    }
    try {
      String keyword = Edn.keyword(text).toString();
      assertThat(Edn.keyword(keyword).toString()).isEqualTo(keyword);
    } catch (InvalidConfigurationException refused) {
      assertThat(refused.hint()).isNotEmpty();
    }
  }
}
