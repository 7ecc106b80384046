package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.List;

/** Any bytes are transactions, which are written and read again as the same, or are refused. */
class SegmentContentFuzzTest {
  private static final Forgery FORGERY = AnySegment.forgery();

  @FuzzTest
  void content(byte[] bytes) {
    List<Transaction> transactions = AnySegment.read(FORGERY.withContent(bytes).bytes());
    if (!transactions.isEmpty()) {
      List<Transaction> again =
          AnySegment.read(FORGERY.withContent(AnySegment.written(transactions)).bytes());
      assertThat(again.stream().map(TransactionHash::sha256).toList())
          .isEqualTo(transactions.stream().map(TransactionHash::sha256).toList());
    }
  }
}
