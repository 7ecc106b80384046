package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/** Any bytes are a claim with exactly this encoding, or none. */
class ClaimFuzzTest {
  @FuzzTest
  void claim(byte[] bytes) {
    for (byte[] each : ForgedLines.of(bytes)) {
      Optional<SourceClaim> claim = ClaimCodec.decode(each);
      claim.ifPresent(decoded -> assertThat(ClaimCodec.encode(decoded)).isEqualTo(each));
      assertThat(claim.isPresent() && ClaimCodec.otherVersion(each).isPresent()).isFalse();
    }
  }
}
