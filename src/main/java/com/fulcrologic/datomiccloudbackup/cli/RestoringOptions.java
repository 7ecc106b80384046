package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of each command that restores. */
final class RestoringOptions {
  @Mixin private FilterOptions filters = new FilterOptions();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "The most transactions in flight, 1 to 32; if not given, as many as make the restore"
              + " faster, up to 16.")
  private int inFlightCountMax = TransactionsInFlight.ADAPTIVE.countMax();

  RestoreOptions options() {
    return filters.addTo(
        RestoreOptions.DEFAULTS.withInFlight(TransactionsInFlight.upTo(inFlightCountMax)));
  }
}
