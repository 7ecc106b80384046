package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a caller's filters against the stored log, whose newest segment knows every name that
 * any attribute ever had; anew when something newer is stored. Not thread-safe.
 */
final class Filters {
  private final StoredBackup backup;
  private @Nullable Resolved resolved;

  Filters(StoredBackup backup) {
    this.backup = backup;
  }

  private record Resolved(TxRange newest, RestoreOptions options, AttributeFilter filter) {
    boolean answers(RestoreOptions wanted, TxRange nowNewest) {
      return newest.equals(nowNewest)
          && options.excludedAttributes().equals(wanted.excludedAttributes())
          && options.rewrites().equals(wanted.rewrites());
    }
  }

  /**
   * The filter for these options.
   *
   * @throws com.fulcrologic.datomiccloudbackup.InvalidConfigurationException when they name an
   *     attribute that cannot be filtered
   */
  AttributeFilter resolve(RestoreOptions options, TxRange newest) {
    Resolved known = resolved;
    if (known == null || !known.answers(options, newest)) {
      Schema schema = AttributeFilter.isNeeded(options) ? schemaAtEndOf(newest) : new Schema();
      known = new Resolved(newest, options, new AttributeFilter(options, schema));
      resolved = known;
    }
    return known.filter();
  }

  private Schema schemaAtEndOf(TxRange newest) {
    Segment segment = backup.segment(newest);
    Schema schema = segment.schemaAtStart();
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions.forEach(schema::apply);
    }
    return schema;
  }
}
