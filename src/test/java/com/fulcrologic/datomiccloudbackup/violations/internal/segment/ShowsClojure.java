package com.fulcrologic.datomiccloudbackup.violations.internal.segment;

import clojure.lang.Keyword;
import clojure.lang.Symbol;
import java.util.List;

public class ShowsClojure {
  public final Keyword[] field = {};

  public ShowsClojure(Symbol symbol) {}

  public void parameter(Keyword keyword) {}

  protected List<Keyword> typeArgument() {
    return List.of();
  }

  /** Reachable, as all around it is public. */
  public interface Nested {
    Keyword result();
  }
}
