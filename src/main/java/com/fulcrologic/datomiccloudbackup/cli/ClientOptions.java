package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the calls of Datomic systems. */
final class ClientOptions {
  @Option(
      names = "--call-timeout",
      paramLabel = "DURATION",
      description =
          "The most time for a call of a remote system before it is abandoned and tried again; 2m"
              + " if not given.")
  private @Nullable String callTimeout;

  /**
   * The client.
   *
   * @param option the option that held the client map
   */
  DatomicClient client(String option, String clientMap) {
    DatomicClient client = ClientMaps.client(option, clientMap);
    return callTimeout == null
        ? client
        : client.withCallLimit(Durations.parse("--call-timeout", callTimeout));
  }
}
