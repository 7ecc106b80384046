package com.fulcrologic.datomiccloudbackup.datomic;

/**
 * A database function of Datomic Pro, as a value: two with the same parts are equal. Datomic's own
 * class compares by identity, and is not on every class path.
 *
 * @param edn the map of its parts in EDN: {@code :lang :imports :requires :params :code}
 */
public record DatabaseFunction(String edn) {}
