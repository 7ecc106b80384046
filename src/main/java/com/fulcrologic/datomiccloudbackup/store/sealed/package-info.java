/**
 * Stores whose objects are encrypted and authentic: {@link
 * com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore}, and its keys. The
 * cryptography is Google Tink's. Only {@code TinkKeyset}, {@code TinkKeysets} and {@code KmsKey}
 * use its classes, so that everything else works without that library. The last of them alone uses
 * the AWS SDK's client of KMS.
 */
@NullMarked
package com.fulcrologic.datomiccloudbackup.store.sealed;

import org.jspecify.annotations.NullMarked;
