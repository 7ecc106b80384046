package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of each command that restores. */
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
          "The most transactions in flight, 1 to 32; if not given, as many as make the restore"
              + " faster, up to 16.")
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
