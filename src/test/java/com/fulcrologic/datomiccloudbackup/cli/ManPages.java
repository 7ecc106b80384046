package com.fulcrologic.datomiccloudbackup.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the sources of the manual pages, one for each command, while the program is built. */
final class ManPages {
  private ManPages() {}

  /** The argument is the directory for the pages, in AsciiDoc. */
  public static void main(String[] args) throws IOException {
    CommandLine root = commandLine();
    for (CommandLine command : root.getSubcommands().values()) {
      UsageMessageSpec usage = command.getCommandSpec().usageMessage();
      usage.header(CompletionCommand.firstSentence(usage.description())); // of the section NAME
    }
    int exitCode =
        ManPageGenerator.generateManPage(
            new File(args[0]), null, new boolean[0], false, root.getCommandSpec());
    if (exitCode != 0) {
      throw new IOException("Failed to write the manual pages into " + args[0]);
    }
  }

  /** The commands that the program has. */
  static CommandLine commandLine() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Console console = new Console(nowhere, nowhere, false);
    return Main.commandLine(console, new Failures(console, List.of()));
  }
}
