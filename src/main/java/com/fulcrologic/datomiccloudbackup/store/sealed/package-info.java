/**
 * Stores whose objects are encrypted and authentic: {@link
 * com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore}, and its keys. The
 * cryptography is Google Tink's. Only {@code TinkKeyset} and {@code TinkKeysets} use its classes,
 * so that everything else works without that library.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store.sealed;

import org.jspecify.annotations.NullMarked;
