package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.google.crypto.tink.KeysetHandle;

/** Keys from a keyset of Tink that the program has read itself, for example through a KMS. */
public final class TinkKeysets {
  private TinkKeysets() {}

  /**
   * The keys of this keyset.
   *
   * @throws InvalidConfigurationException when an enabled key is not of Tink's kind {@code
   *     AES256_GCM_HKDF_4KB}
   */
  public static SealingKeys keys(KeysetHandle keyset) {
    return new SealingKeys(new TinkKeyset(keyset));
  }
}
