package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/** Any bytes are a receipt with exactly this encoding, or none. */
class ReceiptFuzzTest {
  @FuzzTest
  void receipt(byte[] bytes) {
    for (byte[] each : ForgedLines.of(bytes)) {
      Optional<StoredReceipt> receipt = StoredReceipt.LINES.decode(each);
      receipt.ifPresent(decoded -> assertThat(StoredReceipt.LINES.encode(decoded)).isEqualTo(each));
      assertThat(receipt.isPresent() && StoredReceipt.LINES.otherVersion(each).isPresent())
          .isFalse();
    }
  }
}
