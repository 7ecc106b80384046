package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Suggestions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the calls of Datomic systems. */
final class ClientOptions {
  static final String CALL_TIMEOUT = "--call-timeout";

  private static final long FILE_SIZE_MAX = 1 << 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF"; // as editors of Windows write it

  @Option(
      names = CALL_TIMEOUT,
      paramLabel = "DURATION",
      description =
          "The most time for a call of a remote system before it is abandoned and tried again; 2m"
              + " if not given.")
  private @Nullable String callTimeout;

  /** Connects to a database; if the system has none of this name, names those there are. */
  static DatomicConnection connect(DatomicClient client, String databaseName) {
    try {
      return client.connect(databaseName);
    } catch (NoSuchDatabaseException missing) {
      List<String> names = names(client, missing);
      throw new NoSuchDatabaseException(
          missing.getMessage() + Suggestions.question(databaseName, names),
          names.isEmpty()
              ? "this system has no database: check the client map"
              : "its databases are: " + Words.first(names.stream().sorted().toList()),
          missing);
    }
  }

  private static List<String> names(DatomicClient client, NoSuchDatabaseException missing) {
    try {
      return client.databaseNames();
    } catch (BackupException unlisted) { // that the database is missing says more
      throw missing;
    }
  }

  DatomicConnection connect(String option, String clientMap, String databaseName) {
    return connect(client(option, clientMap), databaseName);
  }

  /** The client of an option's map: EDN or {@code @file}. Messages never quote the map. */
  DatomicClient client(String option, String clientMap) {
    DatomicClient client =
        DatomicClient.ofEdn(
            clientMap.startsWith("@") ? read(option, clientMap.substring(1)) : clientMap);
    return callTimeout == null
        ? client
        : client.withCallLimit(Usage.duration(CALL_TIMEOUT, callTimeout));
  }

  private static String read(String option, String file) {
    String what = "Failed to read the file of " + option + ", " + file + ": ";
    try {
      Path path = Path.of(file);
      Usage.refuseIf(
          Files.isDirectory(path) || Files.size(path) > FILE_SIZE_MAX,
          what + "it is not a file of at most " + FILE_SIZE_MAX + " bytes",
          "name an EDN file");
      String text = Files.readString(path);
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (InvalidPathException | NoSuchFileException missing) {
      throw Usage.refusal(what + "there is no such file", "check the path after the @");
    } catch (CharacterCodingException binary) {
      throw Usage.refusal(
          what + "it is not UTF-8 text", "name a file that holds a client map in EDN");
    } catch (IOException unreadable) {
      throw new InvalidConfigurationException(
          what + "it cannot be read", "let this process's user read it", unreadable);
    }
  }
}
