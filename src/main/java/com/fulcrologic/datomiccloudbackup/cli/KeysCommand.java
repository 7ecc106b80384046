package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKey;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "keys",
    description =
        "Makes a keyset file for sealed stores, adds a key to it, or lists its keys."
            + " A lost key loses the backup: keep copies of the file, away from the store."
            + " It prints ids, and never a key.")
final class KeysCommand extends Command {
  private static final String KMS = "--kms";

  @Parameters(
      index = "0",
      paramLabel = "ACTION",
      description =
          "new: makes the file, with one key; rotate: adds a key, for all objects written from then"
              + " on; list: shows the ids.")
  private String action = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The keyset file.")
  private String file = "";

  @Option(
      names = KMS,
      paramLabel = "ARN",
      description =
          "With new: the AWS KMS key that encrypts the file. Each user of the file needs the right"
              + " to decrypt with it.")
  private @Nullable String kmsKey;

  @Override
  Report run() {
    Path path = KeysOption.path(file);
    Usage.refuseIf(
        kmsKey != null && !action.equals("new"),
        KMS + " goes with the action new only",
        "leave it out: the file names its KMS key, which stays the same");
    SealingKeys keys =
        switch (action) {
          case "new" -> {
            SealingKeys made =
                kmsKey == null ? SealingKeys.create() : SealingKeys.createForKms(kmsKey);
            made.writeNew(path);
            yield made;
          }
          case "rotate" -> SealingKeys.rotate(path);
          case "list" -> SealingKeys.read(path);
          default ->
              throw Usage.refusal(
                  "there is no such action on keys", "name one of new, rotate and list");
        };
    List<String> lines = new ArrayList<>();
    List<Map<String, Object>> json = new ArrayList<>();
    for (SealingKey key : keys.keys()) {
      lines.add("key " + key.id() + ", " + key.status() + (key.isPrimary() ? ", primary" : ""));
      json.add(Json.object("id", key.id(), "status", key.status(), "primary", key.isPrimary()));
    }
    if (!action.equals("list")) {
      lines.add("a lost key loses the backup: copy the file to another place now");
    }
    return new Report(lines, Map.of("keys", json));
  }
}
