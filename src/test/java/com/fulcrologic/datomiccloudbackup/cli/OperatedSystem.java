package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/**
 * A living system, in a process of its own: the command line, and beside it the application that
 * writes to the source, and an operator's other commands. They share a process since a directory of
 * Datomic Local belongs to one process at a time.
 *
 * <p>Orders come on standard input, one EDN vector a line: {@code [3]} writes so many transactions,
 * strings are a command. Each is answered on standard output.
 */
final class OperatedSystem {
  private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");

  private final DatomicConnection source;

  private OperatedSystem(DatomicConnection source) {
    this.source = source;
  }

  /** The source's client map, its database, then what the command line takes. */
  public static void main(String[] args) {
    DatomicClient client = DatomicClient.ofEdn(args[0]);
    client.createDatabase(args[1]);
    OperatedSystem system = new OperatedSystem(client.connect(args[1]));
    if (system.source.basisT() < 6) {
      system.write(20);
    }
    daemon(system::obey);
    Main.main(Arrays.copyOfRange(args, 2, args.length));
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private void obey() {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        List<?> order = (List<?>) Edn.read(line);
        if (order.get(0) instanceof Long count) {
          write(count);
          System.out.println("written up to t " + source.basisT());
        } else {
          String[] command = order.stream().map(String.class::cast).toArray(String[]::new);
          daemon(() -> run(command));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** One transaction an hour, by the source's own time, which is what lag is measured in. */
  private void write(long count) {
    for (long i = 0; i < count; i++) {
      Instant date = FIRST.plus(source.basisT(), ChronoUnit.HOURS);
      source.transact(
          (List<?>)
              Edn.read(
                  "[{:db/id \"datomic.tx\" :db/txInstant #inst \""
                      + date
                      + "\" :db/doc \"noted\"} {:db/doc \"an entity\"}]"));
    }
  }

  private static void run(String... command) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream printer = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int exitCode = Main.run(command, printer, printer);
    String text = printed.toString(StandardCharsets.UTF_8).replace('\n', '|');
    System.out.println(command[0] + " ended with " + exitCode + ": " + text);
  }
}
