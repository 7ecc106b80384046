package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/** Any bytes are the manifest of a baseline with exactly this encoding, or none. */
class BaselineFuzzTest {
  @FuzzTest
  void baseline(byte[] bytes) {
    for (byte[] each : ForgedLines.of(bytes)) {
      Optional<StoredBaseline> baseline = StoredBaseline.LINES.decode(each);
      baseline.ifPresent(
          decoded -> assertThat(StoredBaseline.LINES.encode(decoded)).isEqualTo(each));
      assertThat(baseline.isPresent() && StoredBaseline.LINES.otherVersion(each).isPresent())
          .isFalse();
    }
  }
}
