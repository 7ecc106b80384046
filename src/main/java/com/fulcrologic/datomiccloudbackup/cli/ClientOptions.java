package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach Datomic systems. */
final class ClientOptions {
  @Option(
      names = "--call-timeout",
      paramLabel = "DURATION",
      description =
          "How long a call of a remote system may take before it is given up and tried again; 2m if"
              + " not given.")
  private @Nullable String callTimeout;

  /**
   * The client.
   *
   * @param option the option that the client map was given with
   */
  DatomicClient client(String option, String clientMap) {
    DatomicClient client = ClientMaps.client(option, clientMap);
    return callTimeout == null
        ? client
        : client.withCallLimit(Durations.parse("--call-timeout", callTimeout));
  }
}
