package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a command restores, wherever to. */
final class RestoringOptions {
  @Option(
      names = "--exclude",
      paramLabel = ":ATTR",
      description = "Leaves out the datoms of this attribute; may be repeated.")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "How many transactions may be under way at once, 1 to 32; by itself, it uses as many as"
              + " make it faster, up to 16.")
  private int inFlightCountMax = TransactionsInFlight.ADAPTIVE.countMax();

  RestoreOptions options() {
    RestoreOptions options =
        RestoreOptions.DEFAULTS.withInFlight(TransactionsInFlight.upTo(inFlightCountMax));
    for (String ident : excluded) {
      options = options.excluding(ident);
    }
    return options;
  }
}
