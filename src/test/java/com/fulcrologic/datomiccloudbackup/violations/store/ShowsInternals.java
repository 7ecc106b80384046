package com.fulcrologic.datomiccloudbackup.violations.store;

import com.fulcrologic.datomiccloudbackup.violations.internal.segment.ShowsClojure;
import java.util.List;

public final class ShowsInternals {
  private ShowsInternals() {}

  public static String parameter(ShowsClojure internal) {
    return internal.toString();
  }

  public static List<ShowsClojure> typeArgument() {
    return List.of();
  }
}
