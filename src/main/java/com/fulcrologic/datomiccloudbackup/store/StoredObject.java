package com.fulcrologic.datomiccloudbackup.store;

/**
 * One entry of a listing.
 *
 * @param key the object's key; the key of a foreign object may be any text
 * @param size the stored bytes; may be 0 for a foreign object whose key is outside the alphabet
 */
public record StoredObject(String key, long size) {}
