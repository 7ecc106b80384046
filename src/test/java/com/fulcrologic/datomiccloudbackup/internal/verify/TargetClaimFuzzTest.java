package com.fulcrologic.datomiccloudbackup.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import java.nio.charset.StandardCharsets;

/** Any text in a target is a claim for a verification, or is not. */
class TargetClaimFuzzTest {
  @FuzzTest
  void claim(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      assertThat(TargetClaim.read(text)).isEqualTo(TargetClaim.read(text));
    } catch (TargetNotRestorableException refused) {
      assertThat(refused.hint()).isNotEmpty();
    }
  }
}
