package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import java.nio.charset.StandardCharsets;

/**
 * Any text in a target is the claim of a restore, which is written and read as the same, or not.
 */
class RestoreClaimFuzzTest {
  @FuzzTest
  void claim(byte[] bytes) {
    Claim claim;
    try {
      claim = Claim.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (TargetNotRestorableException refused) {
      assertThat(refused.hint()).isNotEmpty();
      return;
    }
    assertThat(Claim.parse(claim.text()).text()).isEqualTo(claim.text());
  }
}
