package com.fulcrologic.datomiccloudbackup.violations.internal.segment;

import clojure.java.api.Clojure;

final class CallsClojure {
  final Object used = Clojure.var("clojure.core", "inc");
}
