package com.fulcrologic.datomiccloudbackup.store.sealed;

/**
 * The description of a key; the key itself is not in it.
 *
 * @param id an unsigned number of 32 bits, in decimal
 * @param isPrimary whether new objects are sealed under it
 * @param status {@code enabled}, {@code disabled} or {@code destroyed}; only an enabled key is used
 */
public record SealingKey(String id, boolean isPrimary, String status) {}
