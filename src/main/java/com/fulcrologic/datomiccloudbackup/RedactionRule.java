package com.fulcrologic.datomiccloudbackup;

import java.util.Optional;

/**
 * A rule by which datoms are left out of a backup. Holds no value of the database.
 *
 * @param id 12 hexadecimal digits, the same in every backup with the same rule
 * @param leftOutAttribute the attribute whose datoms are left out, as in {@code :person/email};
 *     empty for a rule that erases entities
 * @param erasedEntityCount entities whose datoms are left out; 0 for a rule of an attribute
 */
public record RedactionRule(String id, Optional<String> leftOutAttribute, long erasedEntityCount) {}
