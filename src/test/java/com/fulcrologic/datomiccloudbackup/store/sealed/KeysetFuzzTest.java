package com.fulcrologic.datomiccloudbackup.store.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any file is a keyset, or is refused without a word of it. */
class KeysetFuzzTest {
  @FuzzTest
  void keyset(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("keyset", ".json"); // for its owner alone
    try {
      Files.write(file, bytes);
      SealingKeys keys = SealingKeys.read(file);
      assertThat(keys.keys()).anyMatch(SealingKey::isPrimary);
    } catch (InvalidConfigurationException refused) {
      assertThat(refused.hint()).isNotEmpty();
      assertThat(refused).hasNoCause();
    } finally {
      Files.delete(file);
    }
  }
}
