package com.fulcrologic.datomiccloudbackup.violations.segment;

import clojure.java.api.Clojure;

final class CallsClojure {
  final Object used = Clojure.var("clojure.core", "inc");
}
