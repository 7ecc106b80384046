package com.fulcrologic.datomiccloudbackup.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The parent of the commands: it holds their names, and shows them when none is given. */
@Command(
    name = RootCommand.NAME,
    description = "Backs up a Datomic database by its log, and restores it, proved.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      SegmentsCommand.class,
      GapsCommand.class,
      RepairCommand.class,
      StatusCommand.class,
      ReplicateCommand.class,
      CheckCommand.class,
      CompactCommand.class,
      CopyBackupCommand.class,
      BaselineCommand.class,
      CopyStateCommand.class,
      VerifyCommand.class,
      BackupsCommand.class,
      KeysCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      VersionCommand.class
    })
final class RootCommand implements Runnable {
  static final String NAME = "datomic-cloud-backup";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  RootCommand(Console console) {
    this.console = console;
  }

  Console console() {
    return console;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  static String version() {
    String version = RootCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
