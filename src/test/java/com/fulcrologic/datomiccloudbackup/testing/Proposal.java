package com.fulcrologic.datomiccloudbackup.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A transaction in the making: its forms, and what they are meant to exercise. */
final class Proposal {
  final List<Object> forms = new ArrayList<>();
  final List<String> kinds = new ArrayList<>();

  /** The tempids that have a form of their own, and so may be referred to. */
  final List<String> tempids = new ArrayList<>();

  private final Set<List<Object>> spokenOf = new HashSet<>();

  String newTempid() {
    String tempid = "n" + tempids.size();
    tempids.add(tempid);
    return tempid;
  }

  /** False when the transaction has something on this already, and two would contradict. */
  boolean claims(Object entity, WorldModel.Attribute attribute) {
    return spokenOf.add(List.of(entity, attribute.id)) || attribute.many;
  }
}
